use domain::pricing::{DatedRate, Rate, RatePpm, TaxCode, TaxName, TaxRateId, Treatment, ZoneId};
use domain::tax_classes::TaxClassCode;
use domain::tax_rates::TaxRate;
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use crate::db::convert::{date, date_text, micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "tax_rates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub zone_id: Uuid,
    pub tax_class: String,
    pub code: String,
    pub name: String,
    pub rate_ppm: i64,
    pub starts_on: String,
    pub ends_on: Option<String>,
    pub applies_to_shipping: bool,
    pub treatment: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&TaxRate> for Model {
    fn from(stored: &TaxRate) -> Self {
        let DatedRate { id, class, rate, starts_on, ends_on } = &stored.dated;
        Self {
            id: id.0,
            zone_id: stored.zone_id.0,
            tax_class: class.as_str().to_owned(),
            code: rate.code.as_str().to_owned(),
            name: rate.name.as_str().to_owned(),
            rate_ppm: rate.ppm.get(),
            starts_on: date_text(*starts_on),
            ends_on: ends_on.map(date_text),
            applies_to_shipping: rate.applies_to_shipping,
            treatment: rate.treatment().as_str().to_owned(),
            created_at: micros(stored.created_at),
            updated_at: micros(stored.updated_at),
            version: stored.version.0,
        }
    }
}

impl TryFrom<Model> for TaxRate {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let treatment = stored("treatment", Treatment::parse(&row.treatment))?;
        let (code, name) = (TaxCode::from_trusted(row.code), TaxName::from_trusted(row.name));
        let ppm = RatePpm::from_trusted(row.rate_ppm);
        let rate = Rate::new(code, name, ppm, row.applies_to_shipping, Some(treatment));
        Ok(Self {
            zone_id: ZoneId(row.zone_id),
            dated: DatedRate {
                id: TaxRateId(row.id),
                class: TaxClassCode::from_trusted(row.tax_class),
                rate: stored("treatment", rate)?,
                starts_on: date(&row.starts_on)?,
                ends_on: row.ends_on.as_deref().map(date).transpose()?,
            },
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
