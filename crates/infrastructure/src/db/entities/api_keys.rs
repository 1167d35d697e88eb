use domain::access::Scopes;
use domain::keys::{ApiKey, KeyHash, KeyId, KeyName, KeyPrefix, NextSecret, Principal};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub prefix: String,
    pub hash: Vec<u8>,
    pub next_hash: Option<Vec<u8>>,
    pub overlap_until: Option<i64>,
    pub scopes: String,
    pub made_by: String,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub last_used_network: Option<String>,
    pub revoked_at: Option<i64>,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&ApiKey> for Model {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id.0,
            name: key.name.as_str().to_owned(),
            prefix: key.prefix.as_str().to_owned(),
            hash: key.hash.0.to_vec(),
            next_hash: key.next.map(|next| next.hash.0.to_vec()),
            overlap_until: key.next.map(|next| micros(next.overlap_until)),
            scopes: key.scopes.to_string(),
            made_by: key.made_by.to_string(),
            created_at: micros(key.created_at),
            expires_at: key.expires_at.map(micros),
            last_used_at: key.last_used_at.map(micros),
            last_used_network: None,
            revoked_at: key.revoked_at.map(micros),
            version: key.version.0,
        }
    }
}

impl TryFrom<Model> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let next = match (row.next_hash, row.overlap_until) {
            (Some(next), Some(until)) => Some(NextSecret { hash: hash(next)?, overlap_until: time(until)? }),
            _ => None,
        };
        Ok(Self {
            id: KeyId(row.id),
            name: KeyName::from_trusted(row.name),
            prefix: KeyPrefix::from_trusted(row.prefix),
            hash: hash(row.hash)?,
            next,
            scopes: Scopes::from_trusted(&row.scopes),
            made_by: stored("maker of the key", Principal::parse(&row.made_by))?,
            created_at: time(row.created_at)?,
            expires_at: row.expires_at.map(time).transpose()?,
            last_used_at: row.last_used_at.map(time).transpose()?,
            revoked_at: row.revoked_at.map(time).transpose()?,
            version: Version(row.version),
        })
    }
}

fn hash(bytes: Vec<u8>) -> Result<KeyHash, StoreError> {
    bytes.try_into().map(KeyHash).map_err(|_| StoreError::corrupt("the hash of a key has 32 bytes"))
}
