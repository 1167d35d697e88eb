use domain::accounts::RefreshToken;
use sea_orm::entity::prelude::*;

use crate::db::convert::micros;

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
            spent_at: None,
        }
    }
}
