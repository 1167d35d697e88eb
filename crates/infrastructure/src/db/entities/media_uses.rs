use domain::media::{Alt, Gallery, MediaId, Owner, Placed};
use sea_orm::entity::prelude::*;

use super::media;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "media_uses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub media_id: Uuid,
    pub alt: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "media::Entity", from = "Column::MediaId", to = "media::Column::Id")]
    Media,
}

impl Related<media::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Media.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The pictures of something.
    pub fn of(owner: Owner, gallery: &Gallery) -> impl Iterator<Item = Self> {
        (0..).zip(gallery.placed()).map(move |(position, placed)| Self {
            owner_kind: owner.kind.as_str().to_owned(),
            owner_id: owner.id,
            position,
            media_id: placed.media_id.0,
            alt: placed.alt.as_ref().map(|alt| alt.as_str().to_owned()),
        })
    }
}

impl From<Model> for Placed {
    fn from(row: Model) -> Self {
        Self { media_id: MediaId(row.media_id), alt: row.alt.map(Alt::from_trusted) }
    }
}
