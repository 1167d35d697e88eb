use application::{Event, OutboxRepository};
use async_trait::async_trait;
use domain::{StoreError, UtcDateTime, Uuid};

use super::tx::{DbTx, Expired};
use crate::db::convert::micros;
use crate::db::entities::outbox;

#[async_trait]
impl OutboxRepository for DbTx {
    async fn append(&mut self, id: Uuid, event: Event, at: UtcDateTime) -> Result<(), StoreError> {
        let row = outbox::Model { id, topic: event.topic().to_owned(), subject: event.subject(), at: micros(at) };
        self.insert_deferred([row]);
        Ok(())
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        // Ids sort by time, so the primary key finds the oldest events; there is no index on `at`.
        let old = Expired { table: "outbox", key: "id", since: "id", condition: "1 = 1" };
        Ok(self.purge_before(&old, first_id_of(before).into(), limit).await?)
    }
}

/// The lowest `UUIDv7` of a time. <https://www.rfc-editor.org/rfc/rfc9562#section-5.7>
fn first_id_of(time: UtcDateTime) -> Uuid {
    let millis = u64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
