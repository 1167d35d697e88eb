use domain::StoreError;
use domain::accounts::{AccountId, TokenHash};
use domain::customers::EmailAddress;
use domain::mails::{OneTimeToken, Purpose};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    pub purpose: String,
    pub account_id: Uuid,
    pub email: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&OneTimeToken> for Model {
    fn from(token: &OneTimeToken) -> Self {
        Self {
            hash: token.hash.0.to_vec(),
            purpose: token.purpose.as_str().to_owned(),
            account_id: token.account_id.0,
            email: token.email.as_ref().map(|email| email.as_str().to_owned()),
            created_at: micros(token.created_at),
            expires_at: micros(token.expires_at),
            used_at: token.used_at.map(micros),
        }
    }
}

impl TryFrom<Model> for OneTimeToken {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let hash = row.hash.try_into().map_err(|_| StoreError::corrupt("a token hash has 32 bytes"))?;
        Ok(Self {
            hash: TokenHash(hash),
            purpose: stored("purpose of a token", Purpose::parse(&row.purpose))?,
            account_id: AccountId(row.account_id),
            email: row.email.map(EmailAddress::from_trusted),
            created_at: time(row.created_at)?,
            expires_at: time(row.expires_at)?,
            used_at: row.used_at.map(time).transpose()?,
        })
    }
}
