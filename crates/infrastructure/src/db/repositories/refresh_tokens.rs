use async_trait::async_trait;
use domain::accounts::{AccountId, FamilyId, RefreshToken, RefreshTokenRepository, TokenHash};
use domain::{StoreError, UtcDateTime};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::tx::{DbTx, Expired};
use crate::cache::Subject;
use crate::db::convert::micros;
use crate::db::engine::Executor as _;
use crate::db::entities::refresh_tokens::{Column, Entity, Model};

#[async_trait]
impl RefreshTokenRepository for DbTx {
    async fn insert(&mut self, token: &RefreshToken) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(token)]).await?)
    }

    async fn lock(&mut self, hash: &TokenHash) -> Result<Option<RefreshToken>, StoreError> {
        let find = Entity::find().filter(Column::Hash.eq(hash.0.to_vec())).lock_exclusive();
        let row = self.transaction.one(find).await?;
        row.map(RefreshToken::try_from).transpose()
    }

    async fn spend(&mut self, token: &RefreshToken, now: UtcDateTime) -> Result<(), StoreError> {
        let spent = Model { spent_at: Some(micros(now)), ..Model::from(token) };
        Ok(self.update_row(spent).await?)
    }

    async fn revoke_family(&mut self, id: FamilyId) -> Result<(), StoreError> {
        self.change(Subject::Access);
        let delete = Entity::delete_many().filter(Column::FamilyId.eq(id.0));
        Ok(self.transaction.execute(&delete).await.map(drop)?)
    }

    async fn revoke_all(&mut self, id: AccountId) -> Result<(), StoreError> {
        self.change(Subject::Access);
        let delete = Entity::delete_many().filter(Column::AccountId.eq(id.0));
        Ok(self.transaction.execute(&delete).await.map(drop)?)
    }

    async fn purge(&mut self, now: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let ended = Expired { table: "refresh_tokens", key: "account_id, id", since: "expires_at", condition: "1 = 1" };
        Ok(DbTx::purge(self, &ended, now, limit).await?)
    }
}
