use async_trait::async_trait;
use domain::carts::{Cart, CartAge, CartQueries, CartRepository, Line, OldCart};
use domain::customers::CustomerId;
use domain::products::{Offer, ProductId};
use domain::{PricingSnapshot, Quantity, StoreError, UtcDateTime, Uuid, Version};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, QueryTrait as _};

use super::pricing::SnapshotRow;
use super::products::{OfferRow, offered};
use super::queries::DbQueries;
use super::tx::DbTx;
use crate::db::convert::{micros, time};
use crate::db::engine::{Error, Executor as _, FromRow, Row, Statement};
use crate::db::entities::{cart_items, carts};

#[async_trait]
impl CartRepository for DbTx {
    async fn lock_and_bump(&mut self, customer_id: CustomerId, now: UtcDateTime) -> Result<Cart, StoreError> {
        self.defer_bump(customer_id, now);
        let rows = self.transaction.rows(select(customer_id)).await?;
        cart(customer_id, rows)
    }

    async fn lock_and_bump_with_offer(
        &mut self,
        customer_id: CustomerId,
        product_id: ProductId,
        now: UtcDateTime,
    ) -> Result<(Cart, Option<Offer>), StoreError> {
        self.defer_bump(customer_id, now);
        let offered = offered(&[product_id]).build(self.transaction.backend()).into();
        let both = [select(customer_id), offered];
        let (lines, offers): (Vec<CartRow>, Vec<OfferRow>) = self.both(both).await?;
        let offer = offers.into_iter().next().map(OfferRow::offer).transpose()?;
        Ok((cart(customer_id, lines)?, offer.flatten()))
    }

    async fn take(
        &mut self,
        customer_id: CustomerId,
        now: UtcDateTime,
    ) -> Result<(Vec<Line>, PricingSnapshot), StoreError> {
        self.transaction.defer(Statement::new(RAISE, [micros(now).into(), customer_id.0.into()]));
        let rows = self.transaction.rows(select_lines(customer_id)).await?;
        self.clear(customer_id).await?;
        with_snapshot(rows)
    }

    async fn put(
        &mut self,
        customer_id: CustomerId,
        product_id: ProductId,
        quantity: Quantity,
    ) -> Result<(), StoreError> {
        let item = cart_items::ActiveModel {
            customer_id: Set(customer_id.0),
            product_id: Set(product_id.0),
            quantity: Set(quantity.get()),
        };
        let again = OnConflict::columns([cart_items::Column::CustomerId, cart_items::Column::ProductId])
            .value(cart_items::Column::Quantity, quantity.get())
            .to_owned();
        let upsert = cart_items::Entity::insert(item).on_conflict(again);
        self.transaction.defer_change(&upsert);
        Ok(())
    }

    async fn remove(&mut self, customer_id: CustomerId, product_id: ProductId) -> Result<bool, StoreError> {
        let delete = self.transaction.execute(&cart_items::Entity::delete_by_id((customer_id.0, product_id.0))).await;
        Ok(delete? > 0)
    }

    async fn clear(&mut self, customer_id: CustomerId) -> Result<(), StoreError> {
        self.transaction.defer(Statement::new(CLEAR, [customer_id.0.into()]));
        Ok(())
    }

    async fn purge(&mut self, of: &[CustomerId], before: UtcDateTime) -> Result<u64, StoreError> {
        if of.is_empty() {
            return Ok(0);
        }
        let places = vec!["?"; of.len()].join(", ");
        let sql = format!(
            "DELETE FROM carts WHERE customer_id IN ({places}) AND updated_at < ?
                AND NOT EXISTS (SELECT 1 FROM cart_items i WHERE i.customer_id = carts.customer_id)"
        );
        let values = of.iter().map(|id| id.0.into()).chain([micros(before).into()]);
        Ok(self.transaction.run(Statement::new(sql, values)).await?.affected_rows)
    }
}

impl DbTx {
    /// Creates the cart if there is none and raises its version. Deferred: sent with the next statement.
    fn defer_bump(&self, customer_id: CustomerId, now: UtcDateTime) {
        let first = carts::Model { customer_id: customer_id.0, updated_at: micros(now), version: Version::FIRST.0 };
        let again = OnConflict::column(carts::Column::CustomerId)
            .value(carts::Column::Version, Expr::col((carts::Entity, carts::Column::Version)).add(1))
            .value(carts::Column::UpdatedAt, micros(now))
            .to_owned();
        let upsert = carts::Entity::insert(first.into_active_model()).on_conflict(again);
        self.transaction.defer_change(&upsert);
    }
}

#[async_trait]
impl CartQueries for DbQueries {
    async fn get(&self, customer_id: CustomerId) -> Result<Cart, StoreError> {
        let rows = self.read.rows(select(customer_id)).await?;
        cart(customer_id, rows)
    }

    async fn lines(&self, customer_id: CustomerId) -> Result<(Vec<Line>, PricingSnapshot), StoreError> {
        with_snapshot(self.read.rows(select_lines(customer_id)).await?)
    }

    async fn unchanged(
        &self,
        before: UtcDateTime,
        after: Option<CartAge>,
        limit: u64,
    ) -> Result<Vec<OldCart>, StoreError> {
        let (at, id) = after.map_or((0, Uuid::nil()), |age| (micros(age.updated_at), age.customer_id.0));
        let values = [at.into(), micros(before).into(), at.into(), id.into(), limit.into()];
        let found = self.lists.run(Statement::new(UNCHANGED, values)).await?;
        found.rows.iter().map(old_cart).collect()
    }
}

fn old_cart(row: &Row) -> Result<OldCart, StoreError> {
    let (customer_id, updated_at, has_lines): (Uuid, i64, i64) = (row.at(0)?, row.at(1)?, row.at(2)?);
    let age = CartAge { updated_at: time(updated_at)?, customer_id: CustomerId(customer_id) };
    Ok(OldCart { age, is_empty: has_lines == 0 })
}

fn cart(customer_id: CustomerId, rows: Vec<CartRow>) -> Result<Cart, StoreError> {
    let updated_at = rows.first().map(|row| time(row.updated_at)).transpose()?;
    let version = Version(rows.first().map_or(0, |row| row.version));
    let lines = lines_of(rows.into_iter().map(|row| row.line))?;
    Ok(Cart { customer_id, lines, updated_at, version })
}

fn with_snapshot(rows: Vec<PricedRow>) -> Result<(Vec<Line>, PricingSnapshot), StoreError> {
    let snapshot = rows.first().map_or(Ok(PricingSnapshot::default()), |row| row.pricing.snapshot())?;
    Ok((lines_of(rows.into_iter().map(|row| row.line))?, snapshot))
}

/// The lines, sorted by product id.
fn lines_of(rows: impl IntoIterator<Item = LineRow>) -> Result<Vec<Line>, StoreError> {
    let lines = rows.into_iter().filter_map(|row| row.line().transpose());
    let mut lines = lines.collect::<Result<Vec<_>, _>>()?;
    lines.sort_unstable_by_key(|line| line.product_id);
    Ok(lines)
}

/// A cart: one row for each item, or one row without an item if it is empty. The statement does not sort, because
/// MariaDB would need a temporary table for it.
const CART: &str = "
    SELECT c.updated_at, c.version, i.product_id, i.quantity, p.id, p.sku, p.name, p.price, p.status,
        p.tax_class, p.weight_grams, p.shippable, s.on_hand, s.restock_threshold
    FROM carts c
    LEFT JOIN cart_items i ON i.customer_id = c.customer_id
    LEFT JOIN products p ON p.id = i.product_id
    LEFT JOIN stock s ON s.product_id = i.product_id
    WHERE c.customer_id = ?";

/// Carts by their age. The first condition is a range of the index.
const UNCHANGED: &str = "
    SELECT c.customer_id, c.updated_at, EXISTS (SELECT 1 FROM cart_items i WHERE i.customer_id = c.customer_id)
    FROM carts c
    WHERE c.updated_at >= ? AND c.updated_at < ? AND (c.updated_at > ? OR c.customer_id > ?)
    ORDER BY c.updated_at, c.customer_id
    LIMIT ?";

/// Locks a cart by raising its version, if there is one.
const RAISE: &str = "UPDATE carts SET version = version + 1, updated_at = ? WHERE customer_id = ?";
const CLEAR: &str = "DELETE FROM cart_items WHERE customer_id = ?";

/// The lines of a cart, each with what their prices depend on.
const LINES: &str = "
    SELECT i.product_id, i.quantity, p.id, p.sku, p.name, p.price, p.status,
        p.tax_class, p.weight_grams, p.shippable, s.on_hand, s.restock_threshold,
        (SELECT v.version FROM settings_versions v WHERE v.topic = 'pricing'),
        (SELECT b.tax_exempt FROM customers b WHERE b.id = ?)
    FROM cart_items i
    LEFT JOIN products p ON p.id = i.product_id
    LEFT JOIN stock s ON s.product_id = i.product_id
    WHERE i.customer_id = ?";

#[derive(Debug)]
struct CartRow {
    updated_at: i64,
    version: i64,
    line: LineRow,
}

#[derive(Debug)]
struct LineRow {
    product_id: Option<Uuid>,
    quantity: Option<i64>,
    offer: OfferRow,
}

impl FromRow for CartRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { updated_at: row.at(0)?, version: row.at(1)?, line: LineRow::from_place(2, row)? })
    }
}

/// A line with what its price depends on.
#[derive(Debug)]
struct PricedRow {
    line: LineRow,
    pricing: SnapshotRow,
}

impl FromRow for PricedRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { line: LineRow::from_place(0, row)?, pricing: SnapshotRow::from_place(LineRow::COLUMNS, row)? })
    }
}

impl LineRow {
    const COLUMNS: usize = OfferRow::COLUMNS + 2;

    fn from_place(first: usize, row: &Row) -> Result<Self, Error> {
        Ok(Self {
            product_id: row.at(first)?,
            quantity: row.at(first + 1)?,
            offer: OfferRow::from_place(first + 2, row)?,
        })
    }

    /// The line, if the row has an item.
    fn line(self) -> Result<Option<Line>, StoreError> {
        let (Some(product_id), Some(quantity)) = (self.product_id, self.quantity) else { return Ok(None) };
        let offer = self.offer.offer()?;
        Ok(Some(Line { product_id: ProductId(product_id), quantity: Quantity::from_trusted(quantity), offer }))
    }
}

/// One statement for the cart and its lines, so that they are consistent with each other.
fn select(customer_id: CustomerId) -> Statement {
    Statement::new(CART, [customer_id.0.into()])
}

fn select_lines(customer_id: CustomerId) -> Statement {
    Statement::new(LINES, [customer_id.0.into(), customer_id.0.into()])
}
