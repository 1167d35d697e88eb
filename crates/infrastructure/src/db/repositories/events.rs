use async_trait::async_trait;
use domain::StoreError;
use domain::events::{EventFilter, EventQueries, EventType, FeedPage, FeedState, PublishedEvent};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::queries::DbQueries;
use crate::db::engine::Executor as _;
use crate::db::entities::events::{Column, Entity};

/// The most events that are looked at for a page. Rare ones are found over several pages.
const REACH: i64 = 10_000;

#[async_trait]
impl EventQueries for DbQueries {
    async fn state(&self) -> Result<FeedState, StoreError> {
        let sql = "SELECT next - 1, EXISTS (SELECT 1 FROM outbox) FROM event_positions WHERE id = 1";
        let found = self.read.run(sql).await?;
        let row = found.rows.first().ok_or_else(|| StoreError::corrupt("event_positions has no row"))?;
        let is_waited_for: i64 = row.at(1)?;
        Ok(FeedState { last: row.at(0)?, is_waited_for: is_waited_for > 0 })
    }

    async fn read(&self, filter: &EventFilter, after: i64, limit: u64) -> Result<FeedPage, StoreError> {
        // In this order: what is after the last position is of the next page, and what is purged after it was read was
        // there.
        let last = self.state().await?.last;
        // The events of one stream have an index.
        let end = if filter.stream.is_some() { last } else { last.min(after.saturating_add(REACH)) };
        let events = if after < end { self.between(filter, after, end, limit).await? } else { Vec::new() };
        let found = self.lists.run("SELECT MIN(position) FROM events").await?;
        let oldest = found.rows.first().map(|row| row.at::<Option<i64>>(0)).transpose()?.flatten();
        let is_full = u64::try_from(events.len()).is_ok_and(|found| found >= limit);
        let next_after = events.last().filter(|_| is_full).map_or(end.max(after), |event| event.position);
        Ok(FeedPage { events, next_after, has_more: next_after < last, oldest: oldest.unwrap_or(last + 1), last })
    }
}

impl DbQueries {
    /// The first events after one position and up to another.
    async fn between(
        &self,
        filter: &EventFilter,
        after: i64,
        end: i64,
        limit: u64,
    ) -> Result<Vec<PublishedEvent>, StoreError> {
        let mut find = Entity::find().filter(Column::Position.gt(after)).filter(Column::Position.lte(end));
        if let Some(stream) = filter.stream {
            find = find.filter(Column::Stream.eq(stream));
        }
        if let Some(types) = filter.types.as_ref().filter(|types| types.as_slice() != EventType::ALL) {
            find = find.filter(Column::EventType.is_in(types.as_slice().iter().map(|one| one.as_str())));
        }
        let rows = self.lists.all(find.order_by_asc(Column::Position).limit(limit)).await?;
        rows.into_iter().map(PublishedEvent::try_from).collect()
    }
}
