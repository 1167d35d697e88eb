use domain::StoreError;
use domain::media::{Encoding, MediaId, Picture, PictureType};
use sea_orm::entity::prelude::*;

use super::Unique;
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub r#type: String,
    pub encoding: String,
    pub bytes: i64,
    pub width: i64,
    pub height: i64,
    pub created_at: i64,
}

pub const UNIQUE_HASH: Unique =
    Unique { constraint: "media_hash_unique", column: "media.hash", key: Picture::UNIQUE_HASH };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Picture> for Model {
    fn from(picture: &Picture) -> Self {
        Self {
            id: picture.id.0,
            hash: picture.hash.to_vec(),
            r#type: picture.kind.as_str().to_owned(),
            encoding: picture.encoding.as_str().to_owned(),
            bytes: picture.bytes,
            width: picture.width.into(),
            height: picture.height.into(),
            created_at: micros(picture.created_at),
        }
    }
}

impl TryFrom<Model> for Picture {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let side = |pixels: i64| u32::try_from(pixels).map_err(|_| StoreError::corrupt("a side of a picture"));
        Ok(Self {
            id: MediaId(row.id),
            hash: row.hash.try_into().map_err(|_| StoreError::corrupt("the hash of a picture"))?,
            kind: stored("type of a picture", PictureType::parse(&row.r#type))?,
            encoding: stored("encoding of a picture", Encoding::parse(&row.encoding))?,
            bytes: row.bytes,
            width: side(row.width)?,
            height: side(row.height)?,
            created_at: time(row.created_at)?,
        })
    }
}
