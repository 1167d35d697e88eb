//! The currency of every amount in the database: written at the first start, and compared at every other one.

use application::OpenTx as _;
use domain::{Currency, StoreError};
use sea_orm::DbBackend;

use crate::db::Database;
use crate::db::engine::{Error, Executor, FromRow, Row, Statement};

/// Why a database cannot be used with the configured currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "shop.currency is {configured}, and the database holds {products} prices and {orders} orders in {stored}, which \
     would be read as {configured}: set shop.currency = \"{stored}\", or use another database"
)]
pub struct OtherCurrency {
    /// The currency of the configuration.
    pub configured: &'static str,
    /// The currency of the amounts in the database.
    pub stored: String,
    /// The products, each with a price.
    pub products: i64,
    /// The orders, each with a total.
    pub orders: i64,
}

impl Database {
    /// Why the amounts in the database are not in this currency; `None` if they are, or there are none. It writes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn other_currency(&self, configured: Currency) -> Result<Option<OtherCurrency>, StoreError> {
        Ok(compare(&self.pools.read, configured).await?)
    }

    /// Notes that the amounts in the database are in this currency. An empty shop may change its currency.
    ///
    /// # Errors
    /// The amounts that are in another currency; [`StoreError`] if the database does not answer.
    pub async fn hold_currency(&self, currency: Currency) -> Result<Result<(), OtherCurrency>, StoreError> {
        if let Some(other) = self.other_currency(currency).await? {
            return Ok(Err(other));
        }
        let stored = stored(&self.pools.read).await?;
        if stored.as_deref() != Some(currency.code()) {
            self.note(currency).await?;
        }
        Ok(Ok(()))
    }

    async fn note(&self, currency: Currency) -> Result<(), StoreError> {
        let tx = self.begin_bulk().await?;
        let again = match tx.transaction.backend() {
            DbBackend::Sqlite => "ON CONFLICT (name) DO UPDATE SET value = ?",
            _ => "ON DUPLICATE KEY UPDATE value = ?",
        };
        let values = [NAME.into(), currency.code().into(), currency.code().into()];
        let note = Statement::new(format!("INSERT INTO settings (name, value) VALUES (?, ?) {again}"), values);
        tx.transaction.run(note).await?;
        Box::new(tx).commit().await
    }
}

const NAME: &str = "shop.currency";

async fn stored(db: &impl Executor) -> Result<Option<String>, Error> {
    let rows: Vec<Text> = db.rows(Statement::new("SELECT value FROM settings WHERE name = ?", [NAME.into()])).await?;
    Ok(rows.into_iter().next().map(|text| text.0))
}

async fn compare(db: &impl Executor, configured: Currency) -> Result<Option<OtherCurrency>, Error> {
    let Some(stored) = stored(db).await?.filter(|stored| stored != configured.code()) else { return Ok(None) };
    let counts = "SELECT (SELECT COUNT(*) FROM products), (SELECT COUNT(*) FROM orders)";
    let counts: Vec<Counts> = db.rows(counts).await?;
    let amounts = counts.into_iter().find(|counts| counts.products + counts.orders > 0);
    Ok(amounts.map(|Counts { products, orders }| OtherCurrency {
        configured: configured.code(),
        stored,
        products,
        orders,
    }))
}

struct Text(String);

impl FromRow for Text {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(row.at(0)?))
    }
}

struct Counts {
    products: i64,
    orders: i64,
}

impl FromRow for Counts {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { products: row.at(0)?, orders: row.at(1)? })
    }
}
