//! Bulk reads: which of the rows to load already exist, and all products in order.

use domain::StoreError;
use domain::accounts::{Account, Username};
use domain::customers::{Customer, EmailAddress};
use domain::orders::OrderId;
use domain::products::{Product, ProductId, Sku};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::db::Database;
use crate::db::engine::Executor as _;
use crate::db::entities::{accounts, customers, orders, products};
use crate::db::repositories::with_stock;

/// Values in one statement.
const STEP: usize = 500;

impl Database {
    /// The existing ones of these products, each with its units on hand, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn products_by_id(&self, ids: &[ProductId]) -> Result<Vec<(Product, i64)>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(STEP) {
            let wanted = products::Column::Id.is_in(some.iter().map(|id| id.0));
            found.extend(with_stock(&self.pools.read, products::Entity::find().filter(wanted)).await?);
        }
        Ok(found)
    }

    /// The products with one of these SKUs, each with its units on hand, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn products_by_sku(&self, skus: &[Sku]) -> Result<Vec<(Product, i64)>, StoreError> {
        let mut found = Vec::with_capacity(skus.len());
        for some in skus.chunks(STEP) {
            let wanted = products::Column::Sku.is_in(some.iter().map(Sku::as_str));
            found.extend(with_stock(&self.pools.read, products::Entity::find().filter(wanted)).await?);
        }
        Ok(found)
    }

    /// The next `limit` products after the product `after`, in order of id, each with its units on hand.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn products_after(
        &self,
        after: Option<ProductId>,
        limit: u64,
    ) -> Result<Vec<(Product, i64)>, StoreError> {
        let find = products::Entity::find()
            .apply_if(after, |find, id| find.filter(products::Column::Id.gt(id.0)))
            .order_by_asc(products::Column::Id)
            .limit(limit);
        with_stock(&self.pools.read, find).await
    }

    /// The number of products.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn count_products(&self) -> Result<u64, StoreError> {
        let count = products::Entity::find().select_only().column_as(products::Column::Id.count(), "count");
        let rows = self.pools.read.run(count.build(self.pools.read.backend())).await?.rows;
        let count = rows.first().map(|row| row.at::<i64>(0)).transpose()?;
        Ok(count.unwrap_or_default().unsigned_abs())
    }

    /// The accounts with one of these user names, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn accounts_by_username(&self, names: &[Username]) -> Result<Vec<Account>, StoreError> {
        let mut found = Vec::with_capacity(names.len());
        for some in names.chunks(STEP) {
            let wanted = accounts::Column::Username.is_in(some.iter().map(Username::as_str));
            let rows = self.pools.read.all(accounts::Entity::find().filter(wanted)).await?;
            found.extend(rows.into_iter().map(Account::try_from).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// The highest cost of a password hash of any account; `None` if there is no account. It reads all of them.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn highest_password_cost(&self) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT DISTINCT SUBSTR(password_hash, 5, 2) FROM accounts";
        let rows = match self.pools.read.backend() {
            DbBackend::Sqlite => self.pools.read.run(sql).await?.rows,
            // This pool has no time limit.
            _ => self.pools.bulk.run(sql).await?.rows,
        };
        let costs = rows.iter().map(|row| row.at::<String>(0)).collect::<Result<Vec<_>, _>>()?;
        Ok(costs.iter().filter_map(|cost| cost.parse().ok()).max())
    }

    /// The customers with one of these email addresses, regardless of case, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn customers_by_email(&self, addresses: &[EmailAddress]) -> Result<Vec<Customer>, StoreError> {
        let mut found = Vec::with_capacity(addresses.len());
        for some in addresses.chunks(STEP) {
            let wanted = customers::Column::EmailKey.is_in(some.iter().map(EmailAddress::key));
            let rows = self.pools.read.all(customers::Entity::find().filter(wanted)).await?;
            found.extend(rows.into_iter().map(Customer::try_from).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// The ids of the existing ones of these orders, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn known_orders(&self, ids: &[OrderId]) -> Result<Vec<OrderId>, StoreError> {
        let mut found = Vec::new();
        for some in ids.chunks(STEP) {
            let find = orders::Entity::find().select_only().column(orders::Column::Id);
            let find = find.filter(orders::Column::Id.is_in(some.iter().map(|id| id.0)));
            found.extend(self.pools.read.ids(&find).await?.into_iter().map(OrderId));
        }
        Ok(found)
    }
}
