use async_trait::async_trait;
use domain::pricing::{PricingData, PricingQueries, PricingRepository};
use domain::{PricingSnapshot, StoreError};

use super::queries::DbQueries;
use super::tx::DbTx;
use super::{promotions, shipping_methods, tax_rates};
use crate::cache::Subject;
use crate::db::engine::{Error, Executor, FromRow, Row, Statement};
use crate::db::entities::customers::exemption;

#[async_trait]
impl PricingRepository for DbTx {
    async fn raise_version(&mut self) -> Result<i64, StoreError> {
        self.change(Subject::Pricing);
        let raise = "UPDATE settings_versions SET version = version + 1 WHERE topic = 'pricing'";
        self.transaction.run(Statement::new(raise, [])).await?;
        version(&self.transaction).await
    }

    async fn data(&mut self) -> Result<PricingData, StoreError> {
        data(&self.transaction).await
    }
}

#[async_trait]
impl PricingQueries for DbQueries {
    async fn data(&self) -> Result<PricingData, StoreError> {
        data(&self.read).await
    }
}

/// Reads everything until its version is the same before and after.
async fn data(db: &impl Executor) -> Result<PricingData, StoreError> {
    let mut before = version(db).await?;
    loop {
        let data = PricingData {
            version: before,
            zones: tax_rates::tax_zones(db).await?,
            methods: shipping_methods::active(db).await?,
            promotions: promotions::automatic(db).await?,
            has_codes: promotions::has_coded(db).await?,
        };
        let after = version(db).await?;
        if after == before {
            return Ok(data);
        }
        before = after;
    }
}

async fn version(db: &impl Executor) -> Result<i64, StoreError> {
    let versions: Vec<Version> = db.rows(Statement::new(format!("SELECT {PRICING_VERSION}"), [])).await?;
    versions.first().map(|found| found.0).ok_or_else(|| StoreError::corrupt("the version of prices is missing"))
}

struct Version(i64);

impl FromRow for Version {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(row.at(0)?))
    }
}

/// Selects the version of prices.
pub(super) const PRICING_VERSION: &str = "(SELECT version FROM settings_versions WHERE topic = 'pricing')";

/// What prices depend on besides the lines, in each row of a line.
#[derive(Debug)]
pub(super) struct SnapshotRow {
    version: i64,
    tax_exempt: Option<String>,
}

impl SnapshotRow {
    /// Reads the columns from the index `first` on.
    pub fn from_place(first: usize, row: &Row) -> Result<Self, Error> {
        Ok(Self { version: row.at(first)?, tax_exempt: row.at(first + 1)? })
    }

    /// What the row says.
    pub fn snapshot(&self) -> Result<PricingSnapshot, StoreError> {
        Ok(PricingSnapshot { version: self.version, exemption: exemption(self.tax_exempt.as_deref())? })
    }
}
