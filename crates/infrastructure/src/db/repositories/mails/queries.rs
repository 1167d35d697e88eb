use async_trait::async_trait;
use domain::customers::{Customer, CustomerId};
use domain::mails::{MailFilter, MailQueries, Message, MessageId};
use domain::{Page, PageRequest, StoreError, UtcDateTime, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Value};

use super::{READER, due, with_verified_email};
use crate::db::convert::time;
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::{feed_readers as readers, messages, verified_emails as verified};
use crate::db::repositories::queries::{DbQueries, after_id, at_id, rows};

/// The messages of an order: about itself, and about its refunds.
const OF_ORDER: &str = "SELECT m.id FROM messages m WHERE m.subject_id = ?
    UNION SELECT m.id FROM refunds r JOIN messages m ON m.subject_id = r.id WHERE r.order_id = ?";

/// The messages of a customer: about itself, and those of its orders.
const OF_CUSTOMER: &str = "SELECT m.id FROM messages m WHERE m.customer_id = ?
    UNION SELECT m.id FROM orders o JOIN messages m ON m.subject_id = o.id WHERE o.customer_id = ?
    UNION SELECT m.id FROM orders o JOIN refunds r ON r.order_id = o.id JOIN messages m ON m.subject_id = r.id
        WHERE o.customer_id = ?";

/// The statement that finds the messages of a page that are about an order or a customer; `None` if all are wanted. Each part
/// begins with what is few.
fn about(filter: &MailFilter, page: &PageRequest) -> Option<Statement> {
    let order = filter.order_id.map(|id| (OF_ORDER, 2, id.0));
    let customer = filter.customer_id.map(|id| (OF_CUSTOMER, 3, id.0));
    let (mut joins, mut values) = (Vec::new(), Vec::<Value>::new());
    for (sql, times, id) in [order, customer].into_iter().flatten() {
        joins.push(format!("JOIN ({sql}) x{0} ON x{0}.id = m.id", joins.len()));
        values.extend((0..times).map(|_| Value::from(id)));
    }
    if joins.is_empty() {
        return None;
    }
    let mut conditions = vec!["1 = 1"];
    if let Some(status) = filter.status {
        conditions.push("m.status = ?");
        values.push(status.as_str().into());
    }
    if let Some(after) = after_id(page) {
        conditions.push("m.id < ?");
        values.push(after.into());
    }
    values.push(rows(page).into());
    let (joins, conditions) = (joins.join(" "), conditions.join(" AND "));
    Some(Statement::new(
        format!("SELECT m.id FROM messages m {joins} WHERE {conditions} ORDER BY m.id DESC LIMIT ?"),
        values,
    ))
}

#[async_trait]
impl MailQueries for DbQueries {
    async fn due(&self, now: UtcDateTime, limit: u64) -> Result<Vec<MessageId>, StoreError> {
        let found = self.read.run(due(now, limit)).await?;
        Ok(found.rows.iter().map(|row| row.at(0).map(MessageId)).collect::<Result<_, _>>()?)
    }

    async fn get(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        self.read.one(messages::Entity::find_by_id(id.0)).await?.map(Message::try_from).transpose()
    }

    async fn list(&self, filter: &MailFilter, page: &PageRequest) -> Result<Page<Message>, StoreError> {
        let mut find = messages::Entity::find()
            .apply_if(filter.status, |find, status| find.filter(messages::Column::Status.eq(status.as_str())))
            .apply_if(after_id(page), |find, id| find.filter(messages::Column::Id.lt(id)));
        if let Some(found) = about(filter, page) {
            let found = self.lists.run(found).await?;
            let ids: Vec<Uuid> = found.rows.iter().map(|row| row.at(0)).collect::<Result<_, _>>()?;
            if ids.is_empty() {
                return Ok(Page { items: Vec::new(), next: None });
            }
            find = find.filter(messages::Column::Id.is_in(ids));
        }
        // Ids sort by time: the newest message has the highest id.
        let found = self.lists.all(find.order_by_desc(messages::Column::Id).limit(rows(page))).await?;
        let found = found.into_iter().map(Message::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(found, page.limit, |message: &Message| at_id(message.id.0)))
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

    async fn has_verified(&self, id: CustomerId) -> Result<bool, StoreError> {
        Ok(!self.read.run(with_verified_email(id)).await?.rows.is_empty())
    }
}
