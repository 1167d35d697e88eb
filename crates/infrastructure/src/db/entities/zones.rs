use domain::pricing::{ShippingTax, ZoneId};
use domain::zones::{Members, Zone, ZoneName};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::{Unique, zone_members};
use crate::db::convert::{micros, searchable, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "zones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub words: String,
    pub shipping_tax: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_NAME: Unique =
    Unique { constraint: "zones_name_unique", column: "zones.name", key: Zone::UNIQUE_NAME };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "zone_members::Entity")]
    Members,
}

impl Related<zone_members::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Members.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Zone> for Model {
    fn from(zone: &Zone) -> Self {
        Self {
            id: zone.id.0,
            name: zone.name.as_str().to_owned(),
            words: searchable(zone.name.as_str()),
            shipping_tax: zone.shipping_tax.as_ref().map(ToString::to_string),
            created_at: micros(zone.created_at),
            updated_at: micros(zone.updated_at),
            version: zone.version.0,
        }
    }
}

impl Model {
    /// The zone, with its areas.
    pub fn with_members(self, members: Vec<zone_members::Model>) -> Result<Zone, StoreError> {
        let shipping_tax = self.shipping_tax.as_deref().map(ShippingTax::parse).transpose();
        Ok(Zone {
            id: ZoneId(self.id),
            name: ZoneName::from_trusted(self.name),
            members: Members::from_trusted(members.into_iter().map(Into::into).collect()),
            shipping_tax: stored("shipping tax", shipping_tax)?,
            created_at: time(self.created_at)?,
            updated_at: time(self.updated_at)?,
            version: Version(self.version),
        })
    }
}
