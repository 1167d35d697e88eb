use domain::StoreError;
use domain::accounts::{AccountId, TokenHash};
use domain::sessions::{Agent, Session, SessionId};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub token_epoch: i64,
    pub hash: Vec<u8>,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
    pub agent: String,
    pub network: String,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Session> for Model {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.0,
            account_id: session.account_id.0,
            token_epoch: session.token_epoch,
            hash: session.hash.0.to_vec(),
            created_at: micros(session.created_at),
            seen_at: micros(session.seen_at),
            expires_at: micros(session.expires_at),
            agent: session.agent.as_str().to_owned(),
            network: session.network.clone(),
        }
    }
}

impl TryFrom<Model> for Session {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let hash = row.hash.try_into().map_err(|_| StoreError::corrupt("a token hash has 32 bytes"))?;
        Ok(Self {
            id: SessionId(row.id),
            account_id: AccountId(row.account_id),
            token_epoch: row.token_epoch,
            hash: TokenHash(hash),
            created_at: time(row.created_at)?,
            seen_at: time(row.seen_at)?,
            expires_at: time(row.expires_at)?,
            agent: Agent::of(&row.agent),
            network: row.network,
        })
    }
}
