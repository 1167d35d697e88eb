//! Bulk writes for demo data and imports. They keep the same rules as single writes.

mod groups;

use std::collections::BTreeMap;

use application::OpenTx;
use domain::accounts::Account;
use domain::customers::Customer;
use domain::orders::{HistoryEntry, Order, OrderStatus};
use domain::products::Product;
use domain::slugs::{Slug, SlugKind};
use domain::stock::{Movement, Stock};
use domain::{StoreError, Uuid};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::db::Database;
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::{
    accounts, customer_words, customers, order_history, order_lines, orders, product_prices, products, stock,
    stock_movements,
};
use crate::db::repositories::{DbTx, update_stocks};

pub use groups::{BulkGroup, BulkMember};

/// Rows in one statement. So many of the largest rows fit into the smallest `max_allowed_packet` of a server, and so
/// many typical rows into one TLS record: sqlx 0.9.0 does not disable Nagle's algorithm (its issue 4335), so a second
/// record would wait 40 ms for the server to acknowledge the first.
const STEP: usize = 64;

impl Database {
    /// Inserts new products with their prices, stock, initial movements, and slugs, which are made for those that have none,
    /// in one transaction. About a thousand products per call are fastest.
    ///
    /// # Errors
    /// `Duplicate` if an SKU or a barcode is taken. Nothing is written then.
    pub async fn bulk_products(&self, items: &[(Product, Stock)]) -> Result<(), StoreError> {
        let mut tx = self.begin_bulk().await?;
        tx.change_any_product();
        tx.load_products(items).await?;
        Box::new(tx).commit().await
    }

    /// Inserts new customers and their accounts in one transaction.
    ///
    /// # Errors
    /// `Duplicate` if an email address or a user name is taken. Nothing is written then.
    pub async fn bulk_customers(&self, items: &[(Customer, Option<Account>)]) -> Result<(), StoreError> {
        let tx = self.begin_bulk().await?;
        tx.load_customers(items).await?;
        Box::new(tx).commit().await
    }

    /// Inserts new orders of any status with a matching history in one transaction. The orders take their units from
    /// stock one after another, and cancelled ones return them. No restock is opened.
    ///
    /// # Errors
    /// `Internal` if a product has too few units or no stock. Nothing is written then.
    pub async fn bulk_orders(&self, items: &[Order]) -> Result<(), StoreError> {
        let mut tx = self.begin_bulk().await?;
        tx.change_any_product();
        tx.load_orders(items).await?;
        Box::new(tx).commit().await
    }

    /// Begins a transaction on the pool without a time limit.
    pub(super) async fn begin_bulk(&self) -> Result<DbTx, StoreError> {
        DbTx::begin(&self.pools.bulk, self.changes()).await
    }
}

impl DbTx {
    async fn load_products(&self, items: &[(Product, Stock)]) -> Result<(), Error> {
        let initial = |(_, stock): &(Product, Stock)| Some(stock_movements::Model::from(&stock.opening()?));
        let slugs = self.load_slugs(items).await?;
        let slugs = slugs.iter().map(|slug| Some(slug.as_str().to_owned()));
        let rows = items.iter().zip(slugs).map(|((product, _), slug)| products::Model { slug, ..product.into() });
        self.load(rows).await?;
        self.load(items.iter().map(|(product, _)| product_prices::Model::from(&product.priced()))).await?;
        self.load(items.iter().map(|(_, stock)| stock::Model::from(stock))).await?;
        self.load(items.iter().filter_map(initial)).await?;
        for some in items.chunks(STEP) {
            self.add_words(some.iter().map(|(product, _)| product)).await?;
        }
        Ok(())
    }

    /// Gives all products slugs, and returns them in order.
    async fn load_slugs(&self, items: &[(Product, Stock)]) -> Result<Vec<Slug>, Error> {
        let wanted = |product: &Product| product.slug.clone().unwrap_or_else(|| product.made_slug());
        let wanted: Vec<_> = items.iter().map(|(product, _)| (product.id.0, wanted(product))).collect();
        self.make_slugs(SlugKind::Product, &wanted).await
    }

    async fn load_customers(&self, items: &[(Customer, Option<Account>)]) -> Result<(), Error> {
        self.load(items.iter().map(|(customer, _)| customers::Model::from(customer))).await?;
        self.load(items.iter().flat_map(|(customer, _)| customer_words::Model::of(customer))).await?;
        self.load(items.iter().filter_map(|(_, account)| account.as_ref()).map(accounts::Model::from)).await
    }

    async fn load_orders(&self, items: &[Order]) -> Result<(), StoreError> {
        let movements = self.sell(items).await?;
        self.load(items.iter().map(orders::Model::from)).await?;
        self.load(items.iter().flat_map(order_lines::Model::of)).await?;
        self.load(items.iter().flat_map(history)).await?;
        Ok(self.load(movements.iter().map(stock_movements::Model::from)).await?)
    }

    /// Takes the units of all orders from stock and returns those of cancelled orders. The result is the movements.
    async fn sell(&self, items: &[Order]) -> Result<Vec<Movement>, StoreError> {
        let mut stocks = self.lock_stocks(items).await?;
        let mut movements = Vec::new();
        for order in items {
            for line in &order.lines {
                let missing = || StoreError::corrupt(format!("{} has no stock", line.product_id));
                let stock = stocks.get_mut(&line.product_id.0).ok_or_else(missing)?;
                let refused = |refused| StoreError::corrupt(format!("{}: {refused}", line.product_id));
                let sold = stock.sell(line.quantity, order.id, order.placed_at).map_err(refused)?;
                movements.push(sold.movement);
                *stock = sold.stock;
                if order.status == OrderStatus::Cancelled {
                    let back = stock.give_back(line.quantity, order.id, order.updated_at).map_err(refused)?;
                    movements.push(back.movement);
                    *stock = back.stock;
                }
            }
        }
        let changed: Vec<_> = stocks.values().collect();
        for some in changed.chunks(STEP) {
            self.transaction.execute(&update_stocks(some.iter().copied())).await?;
        }
        Ok(movements)
    }

    /// The stock of all ordered products, locked in order of id.
    async fn lock_stocks(&self, items: &[Order]) -> Result<BTreeMap<Uuid, Stock>, StoreError> {
        let mut ids: Vec<_> = items.iter().flat_map(|order| &order.lines).map(|line| line.product_id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut stocks = BTreeMap::new();
        for ids in ids.chunks(STEP) {
            let find = stock::Entity::find()
                .filter(stock::Column::ProductId.is_in(ids.iter().copied()))
                .order_by_asc(stock::Column::ProductId)
                .lock_exclusive();
            for row in self.transaction.all(find).await? {
                stocks.insert(row.product_id, Stock::try_from(row)?);
            }
        }
        Ok(stocks)
    }

    /// Inserts any number of rows, [`STEP`] per statement.
    async fn load<M>(&self, rows: impl Iterator<Item = M>) -> Result<(), Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let some: Vec<_> = rows.by_ref().take(STEP).collect();
            self.insert_rows(some).await?;
        }
        Ok(())
    }
}

/// The history that leads to the status of an order. The position of the last entry is the version of the order.
fn history(order: &Order) -> Vec<order_history::Model> {
    let row = |(after, entry): (i64, &HistoryEntry)| {
        let row = order_history::Model::of(order, entry);
        order_history::Model { sequence: row.sequence - after, ..row }
    };
    (0..).zip(order.shortest_history().iter().rev()).map(row).collect()
}
