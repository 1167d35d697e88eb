use application::{AuditEntry, AuditFilter, AuditQueries, AuditRepository};
use async_trait::async_trait;
use domain::accounts::AccountId;
use domain::customers::CustomerId;
use domain::{Page, PageRequest, StoreError};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryTrait};

use super::queries::{DbQueries, at_id};
use super::reach::{List, Named, Narrower, Sequence, indexed, unindexed};
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::Executor as _;
use crate::db::entities::audit_log::{Column, Entity, Model};

#[async_trait]
impl AuditRepository for DbTx {
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::try_from(entry)?]).await?)
    }

    async fn give_to_customer(&mut self, account_id: AccountId, customer_id: CustomerId) -> Result<(), StoreError> {
        let about = Entity::update_many()
            .col_expr(Column::CustomerId, Expr::val(customer_id.0))
            .filter(Column::ResourceId.eq(account_id.0));
        Ok(self.transaction.execute(&about).await.map(drop)?)
    }
}

#[async_trait]
impl AuditQueries for DbQueries {
    async fn list(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditEntry>, StoreError> {
        let found = listed(filter).page(&self.lists, page, |entry: &Model| at_id(entry.id)).await?;
        let items = found.items.into_iter().map(AuditEntry::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: found.next })
    }
}

/// The entries, newest first. Of several filters the index serves the one that likely names the fewest.
fn listed(filter: &AuditFilter) -> List<Entity> {
    let AuditFilter { actor, resource, resource_id, after, before } = filter;
    let by_resource_id = resource_id.map(|id| ("audit_log_by_resource", Column::ResourceId.eq(id)));
    let by_actor = actor.map(|who| ("audit_log_by_actor", Column::ActorId.eq(who.id())));
    let by_resource = resource.as_ref().map(|resource| ("audit_log_by_kind", Column::Resource.eq(resource.as_str())));
    let served = by_resource_id.or(by_actor).or(by_resource);
    let others = [resource_id.is_some(), actor.is_some(), resource.is_some()].into_iter().filter(|is| *is).count() > 1;
    let in_time = |named: Named<Column>| {
        Condition::all()
            .add_option(after.map(|from| named(Column::At).gte(micros(from))))
            .add_option(before.map(|end| named(Column::At).lt(micros(end))))
    };
    let has_time = after.or(*before).is_some();
    let filter = Condition::all()
        .add_option(actor.map(|who| unindexed(Column::ActorId).eq(who.id())))
        .add_option(resource.as_ref().map(|resource| unindexed(Column::Resource).eq(resource.as_str())))
        .add_option(resource_id.map(|id| unindexed(Column::ResourceId).eq(id)))
        .add(in_time(unindexed));
    let by_time = Entity::find().filter(in_time(indexed));
    List {
        all: Entity::find().apply_if(served.clone(), |find, (_, is)| find.filter(is)),
        index: served.map_or("PRIMARY", |(index, _)| index),
        sequence: Sequence::newest_first(Column::Id),
        filter: (others || has_time).then_some(filter),
        narrower: has_time.then(|| Narrower::by("audit_log_by_time", by_time, Column::Id)).into_iter().collect(),
    }
}
