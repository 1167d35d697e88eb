use std::collections::HashMap;

use async_trait::async_trait;
use domain::webhooks::{
    ActiveEndpoint, Attempt, Delivery, DeliveryId, DeliveryLog, DeliveryStatus, Endpoint, EndpointId, EndpointStatus,
    WebhookQueries,
};
use domain::{Page, PageRequest, StoreError, UtcDateTime, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::db::convert::micros;
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::{
    events, webhook_attempts as attempts, webhook_deliveries as deliveries, webhook_endpoints as endpoints,
};
use crate::db::repositories::queries::{DbQueries, after_id, at_id, rows};

#[async_trait]
impl WebhookQueries for DbQueries {
    async fn get(&self, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        self.read.one(endpoints::Entity::find_by_id(id.0)).await?.map(Endpoint::try_from).transpose()
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Endpoint>, StoreError> {
        let find = endpoints::Entity::find()
            .apply_if(after_id(page), |find, id| find.filter(endpoints::Column::Id.gt(id)))
            .order_by_asc(endpoints::Column::Id)
            .limit(rows(page));
        let page = Page::cut(self.lists.all(find).await?, page.limit, |row: &endpoints::Model| at_id(row.id));
        let items = page.items.into_iter().map(Endpoint::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    async fn active(&self, now: UtcDateTime) -> Result<Vec<ActiveEndpoint>, StoreError> {
        let active = endpoints::Column::Status.eq(EndpointStatus::Active.as_str());
        let find = endpoints::Entity::find().filter(active).order_by_asc(endpoints::Column::Id);
        let found: Vec<endpoints::Model> = self.read.all(find).await?;
        let mut all = Vec::with_capacity(found.len());
        for row in found {
            let endpoint = Endpoint::try_from(row)?;
            let is_due = !self.due(endpoint.id, now, 1).await?.is_empty();
            all.push(ActiveEndpoint { endpoint, is_due });
        }
        Ok(all)
    }

    async fn due(&self, endpoint: EndpointId, now: UtcDateTime, limit: u64) -> Result<Vec<DeliveryId>, StoreError> {
        let (pending, active) = (DeliveryStatus::Pending.as_str(), EndpointStatus::Active.as_str());
        let sql = format!(
            "SELECT d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
            WHERE d.endpoint_id = ? AND d.status = '{pending}' AND d.next_at <= ?
                AND (d.lease_until IS NULL OR d.lease_until <= ?) AND e.status = '{active}'
            ORDER BY d.next_at LIMIT ?"
        );
        let now = micros(now);
        let values = [endpoint.0.into(), now.into(), now.into(), limit.into()];
        let found = self.read.run(Statement::new(sql, values)).await?;
        Ok(found.rows.iter().map(|row| row.at(0).map(DeliveryId)).collect::<Result<_, _>>()?)
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryLog>, StoreError> {
        let Some(row) = self.read.one(deliveries::Entity::find_by_id(id.0)).await? else { return Ok(None) };
        if self.read.one(endpoints::Entity::find_by_id(row.endpoint_id)).await?.is_none() {
            return Ok(None);
        }
        Ok(self.logs(vec![row]).await?.pop())
    }

    async fn deliveries(
        &self,
        endpoint: EndpointId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Page<DeliveryLog>, StoreError> {
        let find = deliveries::Entity::find()
            .filter(deliveries::Column::EndpointId.eq(endpoint.0))
            .apply_if(status, |find, status| find.filter(deliveries::Column::Status.eq(status.as_str())))
            .apply_if(after_id(page), |find, id| find.filter(deliveries::Column::Id.lt(id)))
            .order_by_desc(deliveries::Column::Id)
            .limit(rows(page));
        let page = Page::cut(self.lists.all(find).await?, page.limit, |row: &deliveries::Model| at_id(row.id));
        Ok(Page { items: self.logs(page.items).await?, next: page.next })
    }
}

impl DbQueries {
    /// The deliveries with their tries and what is known of their events.
    async fn logs(&self, found: Vec<deliveries::Model>) -> Result<Vec<DeliveryLog>, StoreError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let of = attempts::Column::DeliveryId.is_in(found.iter().map(|row| row.id));
        let find = attempts::Entity::find()
            .filter(of)
            .order_by_asc(attempts::Column::DeliveryId)
            .order_by_asc(attempts::Column::No);
        let mut tries: HashMap<Uuid, Vec<Attempt>> = HashMap::new();
        let rows: Vec<attempts::Model> = self.lists.all(find).await?;
        for row in rows {
            tries.entry(row.delivery_id).or_default().push(row.try_into()?);
        }
        let find = events::Entity::find().filter(events::Column::Id.is_in(found.iter().map(|row| row.event_id)));
        let kept: Vec<events::Model> = self.lists.all(find).await?;
        let kept: HashMap<_, _> =
            kept.into_iter().map(|event| (event.id, (event.event_type, event.position))).collect();
        let log = |row: deliveries::Model| {
            let (attempts, event) = (tries.remove(&row.id).unwrap_or_default(), kept.get(&row.event_id).cloned());
            Delivery::try_from(row).map(|delivery| DeliveryLog { delivery, event, attempts })
        };
        found.into_iter().map(log).collect()
    }
}
