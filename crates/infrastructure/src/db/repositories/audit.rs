use application::{AuditEntry, AuditFilter, AuditQueries, AuditRepository};
use async_trait::async_trait;
use domain::{Page, PageRequest, StoreError};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::Executor as _;
use crate::db::entities::audit_log::{Column, Entity, Model};

#[async_trait]
impl AuditRepository for DbTx {
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::try_from(entry)?]).await?)
    }
}

#[async_trait]
impl AuditQueries for DbQueries {
    async fn list(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditEntry>, StoreError> {
        let find = Entity::find()
            .filter(wanted(filter))
            // Ids sort by time: the newest entry has the highest id.
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.lt(id)))
            .order_by_desc(Column::Id)
            .limit(rows(page));
        let rows = self.lists.all(find).await?;
        let entries = rows.into_iter().map(AuditEntry::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(entries, page.limit, |entry: &AuditEntry| at_id(entry.id)))
    }
}

fn wanted(filter: &AuditFilter) -> Condition {
    Condition::all()
        .add_option(filter.actor.map(|id| Column::ActorId.eq(id.0)))
        .add_option(filter.resource.as_ref().map(|resource| Column::Resource.eq(resource.as_str())))
        .add_option(filter.resource_id.map(|id| Column::ResourceId.eq(id)))
        .add_option(filter.after.map(|from| Column::At.gte(micros(from))))
        .add_option(filter.before.map(|end| Column::At.lt(micros(end))))
}
