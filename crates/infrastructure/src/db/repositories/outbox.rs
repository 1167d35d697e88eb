use application::{Event, OutboxRepository};
use async_trait::async_trait;
use domain::{StoreError, UtcDateTime, Uuid};

use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::entities::outbox;

#[async_trait]
impl OutboxRepository for DbTx {
    async fn append(&mut self, id: Uuid, event: Event, at: UtcDateTime) -> Result<(), StoreError> {
        let row = outbox::Model { id, topic: event.topic().to_owned(), subject: event.subject(), at: micros(at) };
        self.insert_deferred([row]);
        Ok(())
    }
}
