use domain::StoreError;
use domain::accounts::{AccountId, FamilyId, RefreshToken, RefreshTokenId, TokenHash};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub family_id: Uuid,
    pub hash: Vec<u8>,
    pub created_at: i64,
    pub expires_at: i64,
    pub spent_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&RefreshToken> for Model {
    fn from(token: &RefreshToken) -> Self {
        Self {
            account_id: token.account_id.0,
            id: token.id.0,
            family_id: token.family_id.0,
            hash: token.hash.0.to_vec(),
            created_at: micros(token.created_at),
            expires_at: micros(token.expires_at),
            spent_at: token.spent_at.map(micros),
        }
    }
}

impl TryFrom<Model> for RefreshToken {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let hash = row.hash.try_into().map_err(|_| StoreError::corrupt("a token hash has 32 bytes"))?;
        Ok(Self {
            id: RefreshTokenId(row.id),
            family_id: FamilyId(row.family_id),
            account_id: AccountId(row.account_id),
            hash: TokenHash(hash),
            created_at: time(row.created_at)?,
            expires_at: time(row.expires_at)?,
            spent_at: row.spent_at.map(time).transpose()?,
        })
    }
}
