use async_trait::async_trait;
use domain::events::{Event, OutboxRepository, Sequencer};
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::tx::DbTx;
use crate::db::convert::{micros, time};
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::{events, outbox};

/// The order of the statements is what makes positions safe: `next` is read before the outbox, so that whatever was in
/// the outbox after that has no position yet, or `next` has been raised since.
#[async_trait]
impl OutboxRepository for DbTx {
    async fn append(&mut self, id: Uuid, event: Event, at: UtcDateTime) -> Result<(), StoreError> {
        self.insert_deferred([outbox::Model::new(id, &event, at)]);
        self.appends = true;
        Ok(())
    }

    async fn sequencer(&mut self) -> Result<Sequencer, StoreError> {
        let found = self.transaction.run("SELECT next, holder, until_at FROM event_positions WHERE id = 1").await?;
        let row = found.rows.first().ok_or_else(|| StoreError::corrupt("event_positions has no row"))?;
        Ok(Sequencer { next: row.at(0)?, holder: row.at(1)?, until: time(row.at(2)?)? })
    }

    async fn sequence(&mut self, turn: &Sequencer, limit: u64) -> Result<u64, StoreError> {
        let oldest = outbox::Entity::find().order_by_asc(outbox::Column::Id).limit(limit);
        let waiting = self.transaction.all(oldest).await?;
        let ids: Vec<_> = waiting.iter().map(|event| event.id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let with_data = waiting.into_iter().filter(|event| event.data.is_some());
        let numbered: Vec<_> =
            (turn.next..).zip(with_data).filter_map(|(position, event)| events::Model::at(position, event)).collect();
        let next = numbered.last().map_or(turn.next, |last| last.position + 1);
        self.raise(turn, next).await?;
        self.insert_deferred(numbered);
        let left = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        self.transaction.defer_change(&outbox::Entity::delete_many().filter(outbox::Column::Id.is_in(ids)));
        Ok(left)
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let oldest = events::Entity::find().order_by_asc(events::Column::Position).limit(limit);
        let oldest = self.transaction.all(oldest).await?;
        let expired: Vec<_> = oldest.iter().take_while(|event| event.at < micros(before)).collect();
        let Some(last) = expired.last() else { return Ok(0) };
        let delete = events::Entity::delete_many().filter(events::Column::Position.lte(last.position));
        Ok(self.transaction.execute(&delete).await?)
    }
}

impl DbTx {
    /// Raises the next position, unless somebody else has since it was read. This is the fence: it locks the row until
    /// the commit.
    async fn raise(&self, turn: &Sequencer, next: i64) -> Result<(), StoreError> {
        let sql = "UPDATE event_positions SET next = ?, holder = ?, until_at = ? WHERE id = 1 AND next = ?";
        let values = [next.into(), turn.holder.into(), micros(turn.until).into(), turn.next.into()];
        match self.transaction.run(Statement::new(sql, values)).await?.affected_rows {
            1 => Ok(()),
            _ => Err(StoreError::Raced("somebody else has given these positions".into())),
        }
    }
}
