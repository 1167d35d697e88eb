use async_trait::async_trait;
use domain::customers::Customer;
use domain::mail::{MailQueries, Message, MessageId};
use domain::{StoreError, UtcDateTime};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{READER, due};
use crate::db::convert::time;
use crate::db::engine::Executor as _;
use crate::db::entities::{feed_readers as readers, messages, verified_emails as verified};
use crate::db::repositories::queries::DbQueries;

#[async_trait]
impl MailQueries for DbQueries {
    async fn due(&self, now: UtcDateTime, limit: u64) -> Result<Vec<MessageId>, StoreError> {
        let found = self.read.run(due(now, limit)).await?;
        Ok(found.rows.iter().map(|row| row.at(0).map(MessageId)).collect::<Result<_, _>>()?)
    }

    async fn get(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        self.read.one(messages::Entity::find_by_id(id.0)).await?.map(Message::try_from).transpose()
    }

    async fn position(&self) -> Result<Option<i64>, StoreError> {
        let find = readers::Entity::find_by_id(READER.to_owned());
        Ok(self.read.one(find).await?.map(|row: readers::Model| row.position))
    }

    async fn verified_at(&self, customer: &Customer) -> Result<Option<UtcDateTime>, StoreError> {
        let find =
            verified::Entity::find_by_id(customer.id.0).filter(verified::Column::EmailKey.eq(customer.email.key()));
        self.read.one(find).await?.map(|row: verified::Model| time(row.verified_at)).transpose()
    }
}
