use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::Network;
use domain::keys::{ApiKey, KeyId, KeyName, KeyPrefix, KeyQueries, KeyRepository};
use domain::{Page, PageRequest, StoreError, UtcDateTime};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use super::attributes::counted;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::micros;
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::api_keys::{Column, Entity, Model};

#[async_trait]
impl KeyRepository for DbTx {
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        // Somebody may have asked for its prefix before.
        self.change(Subject::Access);
        Ok(self.insert_rows([Model::from(key)]).await?)
    }

    async fn lock(&mut self, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        let find = live().filter(Column::Id.eq(id.0)).lock_exclusive();
        self.transaction.one(find).await?.map(ApiKey::try_from).transpose()
    }

    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        self.change(Subject::Access);
        let mut row = Model::from(key).into_active_model().reset_all();
        row.last_used_at = ActiveValue::NotSet;
        row.last_used_network = ActiveValue::NotSet;
        Ok(DbTx::update(self, row).await?)
    }

    async fn count_live(&mut self, now: UtcDateTime) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)";
        Ok(counted(&self.transaction, Statement::new(sql, [micros(now).into()])).await?)
    }

    async fn used(&mut self, id: KeyId, from: Network, now: UtcDateTime) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET last_used_at = ?, last_used_network = ? \
                   WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)";
        let before = micros(now - ApiKey::USE_PRECISION);
        let values = [micros(now).into(), from.to_string().into(), id.0.into(), before.into()];
        self.transaction.defer(Statement::new(sql, values));
        Ok(())
    }
}

#[async_trait]
impl KeyQueries for DbQueries {
    async fn by_prefix(&self, prefix: &KeyPrefix) -> Result<Option<Arc<ApiKey>>, StoreError> {
        let row = self.read.one(live().filter(Column::Prefix.eq(prefix.as_str()))).await?;
        row.map(|row| ApiKey::try_from(row).map(Arc::new)).transpose()
    }

    async fn get(&self, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        self.read.one(live().filter(Column::Id.eq(id.0))).await?.map(ApiKey::try_from).transpose()
    }

    async fn names(&self, ids: &[KeyId]) -> Result<Vec<(KeyId, KeyName)>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.read.all(live().filter(Column::Id.is_in(ids.iter().map(|id| id.0)))).await?;
        rows.into_iter().map(|row| ApiKey::try_from(row).map(|key| (key.id, key.name))).collect()
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<ApiKey>, StoreError> {
        let find = live()
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let keys = self.lists.all(find).await?.into_iter().map(ApiKey::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(keys, page.limit, |key: &ApiKey| at_id(key.id.0)))
    }
}

/// The keys that were not deleted.
fn live() -> Select<Entity> {
    Entity::find().filter(Column::RevokedAt.is_null())
}
