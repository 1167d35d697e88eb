//! Endpoints of webhooks, their deliveries, and the tries of each.

mod queries;

use async_trait::async_trait;
use domain::events::{EventType, PublishedEvent};
use domain::webhooks::{Attempt, Delivery, DeliveryId, Endpoint, EndpointId, Passing, WebhookRepository};
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::attributes::counted;
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::Executor as _;
use crate::db::entities::webhook_deliveries::Column;
use crate::db::entities::{
    events, webhook_attempts as attempts, webhook_deliveries as deliveries, webhook_endpoints as endpoints,
};

#[async_trait]
impl WebhookRepository for DbTx {
    async fn insert(&mut self, endpoint: &Endpoint) -> Result<(), StoreError> {
        Ok(self.insert_rows([endpoints::Model::from(endpoint)]).await?)
    }

    async fn count(&mut self) -> Result<u64, StoreError> {
        Ok(counted(&self.transaction, "SELECT COUNT(*) FROM webhook_endpoints".into()).await?)
    }

    async fn lock(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        let find = endpoints::Entity::find_by_id(id.0).lock_exclusive();
        self.transaction.one(find).await?.map(Endpoint::try_from).transpose()
    }

    async fn find(&mut self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        self.transaction.one(endpoints::Entity::find_by_id(id.0)).await?.map(Endpoint::try_from).transpose()
    }

    async fn update(&mut self, endpoint: &Endpoint) -> Result<(), StoreError> {
        Ok(self.update_row(endpoints::Model::from(endpoint)).await?)
    }

    async fn delete(&mut self, id: EndpointId) -> Result<(), StoreError> {
        Ok(self.transaction.execute(&endpoints::Entity::delete_by_id(id.0)).await.map(drop)?)
    }

    async fn events(&mut self, after: i64, limit: u64) -> Result<Vec<Passing>, StoreError> {
        // Positions are committed in order, so that none comes later between those that are seen here.
        let find = events::Entity::find()
            .filter(events::Column::Position.gt(after))
            .order_by_asc(events::Column::Position)
            .limit(limit);
        let passing = |row: events::Model| Passing {
            position: row.position,
            id: row.id,
            event_type: EventType::parse(&row.event_type).ok(),
            stream: row.stream,
        };
        Ok(self.transaction.all(find).await?.into_iter().map(passing).collect())
    }

    async fn event(&mut self, id: Uuid) -> Result<Option<PublishedEvent>, StoreError> {
        let find = events::Entity::find().filter(events::Column::Id.eq(id));
        self.transaction.one(find).await?.map(PublishedEvent::try_from).transpose()
    }

    async fn add(&mut self, added: &[Delivery]) -> Result<(), StoreError> {
        Ok(self.insert_rows(added.iter().map(deliveries::Model::from)).await?)
    }

    async fn deliveries_of(&mut self, endpoint: EndpointId, events: &[Uuid]) -> Result<Vec<Delivery>, StoreError> {
        let find = deliveries::Entity::find()
            .filter(Column::EndpointId.eq(endpoint.0))
            .filter(Column::EventId.is_in(events.iter().copied()))
            .order_by_asc(Column::Id)
            .lock_exclusive();
        self.transaction.all(find).await?.into_iter().map(Delivery::try_from).collect()
    }

    async fn lock_delivery(&mut self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let find = deliveries::Entity::find_by_id(id.0).lock_exclusive();
        self.transaction.one(find).await?.map(Delivery::try_from).transpose()
    }

    async fn save(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        Ok(self.update_row(deliveries::Model::from(delivery)).await?)
    }

    async fn record(&mut self, attempt: &Attempt) -> Result<(), StoreError> {
        Ok(self.insert_rows([attempts::Model::from(attempt)]).await?)
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let done = deliveries::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::DoneAt.lt(micros(before)))
            .order_by_asc(Column::DoneAt)
            .limit(limit);
        let mut ids = self.transaction.ids(&done).await?;
        let room = limit.saturating_sub(u64::try_from(ids.len()).unwrap_or(limit));
        ids.extend(self.orphans(room).await?);
        if ids.is_empty() {
            return Ok(0);
        }
        let tries = attempts::Entity::delete_many().filter(attempts::Column::DeliveryId.is_in(ids.clone()));
        self.transaction.execute(&tries).await?;
        let gone = deliveries::Entity::delete_many().filter(Column::Id.is_in(ids));
        Ok(self.transaction.execute(&gone).await?)
    }
}

impl DbTx {
    /// Up to `limit` deliveries of an endpoint that was deleted. The endpoints that have deliveries are few: an index leads
    /// from one to the next.
    async fn orphans(&self, limit: u64) -> Result<Vec<Uuid>, StoreError> {
        let kept = endpoints::Entity::find().select_only().column(endpoints::Column::Id);
        let kept = self.transaction.ids(&kept).await?;
        let mut after = Uuid::nil();
        loop {
            let next = deliveries::Entity::find()
                .select_only()
                .column(Column::EndpointId)
                .filter(Column::EndpointId.gt(after))
                .order_by_asc(Column::EndpointId)
                .limit(1);
            let Some(endpoint) = self.transaction.ids(&next).await?.pop() else { return Ok(Vec::new()) };
            if !kept.contains(&endpoint) {
                let of = deliveries::Entity::find().select_only().column(Column::Id);
                let of = of.filter(Column::EndpointId.eq(endpoint)).limit(limit);
                return Ok(self.transaction.ids(&of).await?);
            }
            after = endpoint;
        }
    }
}
