use domain::pricing::{Area, AreaCountry, AreaRegion, PostalPrefix};
use domain::zones::{Zone, parts};
use sea_orm::entity::prelude::*;

use super::zones;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "zone_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub zone_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub country: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub region: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub postal_prefix: String,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "zones::Entity", from = "Column::ZoneId", to = "zones::Column::Id")]
    Zone,
}

impl Related<zones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Zone.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The areas of a zone.
    pub fn of(zone: &Zone) -> impl Iterator<Item = Self> {
        zone.members.as_slice().iter().map(|area| {
            let (country, region, postal_prefix) = parts(area);
            Self {
                zone_id: zone.id.0,
                country: country.to_owned(),
                region: region.to_owned(),
                postal_prefix: postal_prefix.to_owned(),
            }
        })
    }
}

impl From<Model> for Area {
    fn from(row: Model) -> Self {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        Self::from_trusted(
            AreaCountry::from_trusted(row.country),
            given(row.region).map(AreaRegion::from_trusted),
            given(row.postal_prefix).map(PostalPrefix::from_trusted),
        )
    }
}
