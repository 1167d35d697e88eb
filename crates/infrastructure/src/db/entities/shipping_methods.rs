use domain::pricing::{Basis, MethodCode, MethodName, Tiers, ZoneId};
use domain::shipping_methods::{
    Days, DeliveryDays, MethodDetails, MethodStatus, Position, ShippingMethod, ShippingMethodId,
};
use domain::tax_classes::TaxClassCode;
use domain::{Price, StoreError, Version};
use sea_orm::entity::prelude::*;

use super::{Unique, shipping_tiers};
use crate::db::convert::{micros, searchable, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "shipping_methods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub words: String,
    pub zone_id: Uuid,
    pub status: String,
    pub position: i64,
    pub basis: String,
    pub free_from: Option<i64>,
    pub tax_class: Option<String>,
    pub min_days: Option<i64>,
    pub max_days: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_CODE: Unique = Unique {
    constraint: "shipping_methods_code_unique",
    column: "shipping_methods.code",
    key: ShippingMethod::UNIQUE_CODE,
};

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "shipping_tiers::Entity")]
    Tiers,
}

impl Related<shipping_tiers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tiers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&ShippingMethod> for Model {
    fn from(method: &ShippingMethod) -> Self {
        let details = &method.details;
        let (code, name) = (details.code.as_str(), details.name.as_str());
        Self {
            id: method.id.0,
            code: code.to_owned(),
            name: name.to_owned(),
            words: searchable(&format!("{name} {code}")),
            zone_id: details.zone_id.0,
            status: details.status.as_str().to_owned(),
            position: details.position.get(),
            basis: details.basis.as_str().to_owned(),
            free_from: details.free_from.map(Price::amount),
            tax_class: details.tax_class.as_ref().map(|class| class.as_str().to_owned()),
            min_days: details.days.min().map(Days::get),
            max_days: details.days.max().map(Days::get),
            created_at: micros(method.created_at),
            updated_at: micros(method.updated_at),
            version: method.version.0,
        }
    }
}

impl Model {
    /// The shipping method, with its tiers in any order.
    pub fn with_tiers(self, mut tiers: Vec<shipping_tiers::Model>) -> Result<ShippingMethod, StoreError> {
        tiers.sort_by_key(|tier| tier.from_value);
        let days = |days: Option<i64>| days.map(Days::from_trusted);
        Ok(ShippingMethod {
            id: ShippingMethodId(self.id),
            details: MethodDetails {
                code: MethodCode::from_trusted(self.code),
                name: MethodName::from_trusted(self.name),
                zone_id: ZoneId(self.zone_id),
                status: stored("shipping method status", MethodStatus::parse(&self.status))?,
                position: Position::from_trusted(self.position),
                basis: stored("basis", Basis::parse(&self.basis))?,
                tiers: Tiers::from_trusted(tiers.into_iter().map(Into::into).collect()),
                free_from: self.free_from.map(Price::from_trusted),
                tax_class: self.tax_class.map(TaxClassCode::from_trusted),
                days: DeliveryDays::from_trusted(days(self.min_days), days(self.max_days)),
            },
            created_at: time(self.created_at)?,
            updated_at: time(self.updated_at)?,
            version: Version(self.version),
        })
    }
}
