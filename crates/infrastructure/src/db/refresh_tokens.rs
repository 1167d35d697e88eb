use async_trait::async_trait;
use domain::accounts::{AccountId, FamilyId, RefreshToken, RefreshTokenRepository, TokenHash};
use domain::{StoreError, UtcDateTime};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::convert::micros;
use super::entities::refresh_tokens::{Column, Entity, Model};
use super::error;
use super::session::Session as _;
use super::tx::{DbTx, Expired};

#[async_trait]
impl RefreshTokenRepository for DbTx {
    async fn insert(&mut self, token: &RefreshToken) -> Result<(), StoreError> {
        self.insert_rows([Model::from(token)]).await.map_err(error::in_tx)
    }

    async fn lock(&mut self, hash: &TokenHash) -> Result<Option<RefreshToken>, StoreError> {
        let find = Entity::find().filter(Column::Hash.eq(hash.0.to_vec())).lock_exclusive();
        let row = self.transaction.one(find).await.map_err(error::in_tx)?;
        row.map(RefreshToken::try_from).transpose()
    }

    async fn spend(&mut self, token: &RefreshToken, now: UtcDateTime) -> Result<(), StoreError> {
        let spent = Model { spent_at: Some(micros(now)), ..Model::from(token) };
        self.update_row(spent).await.map_err(error::in_tx)
    }

    async fn revoke_family(&mut self, id: FamilyId) -> Result<(), StoreError> {
        let delete = Entity::delete_many().filter(Column::FamilyId.eq(id.0));
        self.transaction.execute(&delete).await.map(drop).map_err(error::in_tx)
    }

    async fn revoke_all(&mut self, id: AccountId) -> Result<(), StoreError> {
        let delete = Entity::delete_many().filter(Column::AccountId.eq(id.0));
        self.transaction.execute(&delete).await.map(drop).map_err(error::in_tx)
    }

    async fn purge(&mut self, now: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let ended = Expired { table: "refresh_tokens", key: "account_id, id", since: "expires_at", condition: "1 = 1" };
        DbTx::purge(self, &ended, now, limit).await.map_err(error::in_tx)
    }
}
