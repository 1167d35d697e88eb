use async_trait::async_trait;
use domain::accounts::{AccountId, TokenHash};
use domain::sessions::{Session, SessionId, SessionQueries, SessionRepository};
use domain::{StoreError, UtcDateTime};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::queries::DbQueries;
use super::tx::{DbTx, Expired};
use crate::db::convert::micros;
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::sessions::{Column, Entity, Model};

#[async_trait]
impl SessionRepository for DbTx {
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(session)]).await?)
    }

    async fn used(&mut self, session: &Session) -> Result<(), StoreError> {
        let values = [micros(session.seen_at).into(), micros(session.expires_at).into(), session.id.0.into()];
        self.transaction.defer(Statement::new("UPDATE sessions SET seen_at = ?, expires_at = ? WHERE id = ?", values));
        Ok(())
    }

    async fn end(&mut self, id: SessionId, of: AccountId) -> Result<bool, StoreError> {
        let delete = Entity::delete_many().filter(Column::Id.eq(id.0)).filter(Column::AccountId.eq(of.0));
        Ok(self.transaction.execute(&delete).await? > 0)
    }

    async fn purge(&mut self, now: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let ended = Expired { table: "sessions", key: "id", since: "expires_at", condition: "1 = 1" };
        Ok(DbTx::purge(self, &ended, now, limit).await?)
    }
}

#[async_trait]
impl SessionQueries for DbQueries {
    async fn by_hash(&self, hash: &TokenHash) -> Result<Option<Session>, StoreError> {
        let row = self.read.one(Entity::find().filter(Column::Hash.eq(hash.0.to_vec()))).await?;
        row.map(Session::try_from).transpose()
    }

    async fn of_account(&self, id: AccountId, now: UtcDateTime) -> Result<Vec<Session>, StoreError> {
        let find = Entity::find()
            .filter(Column::AccountId.eq(id.0))
            .filter(Column::ExpiresAt.gt(micros(now)))
            .order_by_desc(Column::Id);
        self.read.all(find).await?.into_iter().map(Session::try_from).collect()
    }
}
