//! The queue of mails, how far mail has read the feed, and one-time tokens.

mod queries;

use std::collections::HashSet;

use async_trait::async_trait;
use domain::accounts::{Account, AccountId, TokenHash};
use domain::customers::{CustomerId, EmailAddress};
use domain::events::EventType;
use domain::mails::{MailRepository, Message, MessageId, MessageStatus, Occasion, OneTimeToken, Purpose};
use domain::orders::OrderPaymentStatus;
use domain::{MailTemplate, StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;

use super::tx::{DbTx, Expired};
use crate::db::convert::{micros, time};
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::{
    events, feed_readers as readers, messages, one_time_tokens as tokens, verified_emails as verified,
};

/// The name of mail among those who read the feed.
const READER: &str = "mail";

#[async_trait]
impl MailRepository for DbTx {
    async fn join(&mut self) -> Result<(), StoreError> {
        let last = self.transaction.run("SELECT next - 1 FROM event_positions WHERE id = 1").await?;
        let last = last.rows.first().map(|row| row.at(0)).transpose()?.unwrap_or_default();
        match self.insert_rows([readers::Model { name: READER.to_owned(), position: last }]).await {
            // Another server was faster.
            Err(cause) if cause.is_duplicate() => Ok(()),
            done => Ok(done?),
        }
    }

    async fn position(&mut self) -> Result<Option<i64>, StoreError> {
        let find = readers::Entity::find_by_id(READER.to_owned()).lock_exclusive();
        Ok(self.transaction.one(find).await?.map(|row: readers::Model| row.position))
    }

    async fn passing(&mut self, after: i64, limit: u64) -> Result<Vec<Occasion>, StoreError> {
        // Positions are committed in order, so that none comes later between those that are seen here.
        let find = events::Entity::find()
            .filter(events::Column::Position.gt(after))
            .order_by_asc(events::Column::Position)
            .limit(limit);
        self.transaction.all(find).await?.iter().map(occasion).collect()
    }

    async fn advance(&mut self, position: i64) -> Result<(), StoreError> {
        Ok(self.update_row(readers::Model { name: READER.to_owned(), position }).await?)
    }

    async fn queue(&mut self, queued: &[Message]) -> Result<(), StoreError> {
        let key = |row: &messages::Model| Some((row.occasion?, row.template.clone(), row.subject_id));
        let mut rows: Vec<_> = queued.iter().map(messages::Model::from).collect();
        let occasions: Vec<_> = rows.iter().filter_map(|row| row.occasion).collect();
        let mut known = HashSet::new();
        if !occasions.is_empty() {
            let find = messages::Entity::find().filter(messages::Column::Occasion.is_in(occasions));
            known.extend(self.transaction.all(find).await?.iter().filter_map(key));
        }
        rows.retain(|row| key(row).is_none_or(|key| known.insert(key)));
        self.due_mail = self.due_mail.into_iter().chain(queued.iter().filter_map(|message| message.next_at)).min();
        Ok(self.insert_rows(rows).await?)
    }

    async fn lock(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        let find = messages::Entity::find_by_id(id.0).lock_exclusive();
        self.transaction.one(find).await?.map(Message::try_from).transpose()
    }

    async fn save(&mut self, message: &Message) -> Result<(), StoreError> {
        if message.lease.is_none() {
            self.due_mail = self.due_mail.into_iter().chain(message.next_at).min();
        }
        Ok(self.update_row(messages::Model::from(message)).await?)
    }

    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let done = Expired { table: "messages", key: "id", since: "done_at", condition: "1 = 1" };
        Ok(DbTx::purge(self, &done, before, limit).await?)
    }

    async fn put_token(&mut self, token: &OneTimeToken) -> Result<(), StoreError> {
        MailRepository::end_tokens(self, token.account_id, token.purpose).await?;
        Ok(self.insert_rows([tokens::Model::from(token)]).await?)
    }

    async fn use_token(
        &mut self,
        hash: &TokenHash,
        purpose: Purpose,
        now: UtcDateTime,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let hash = hash.0.to_vec();
        let used = tokens::Entity::update_many()
            .col_expr(tokens::Column::UsedAt, Expr::val(micros(now)))
            .filter(tokens::Column::Hash.eq(hash.clone()))
            .filter(tokens::Column::Purpose.eq(purpose.as_str()))
            .filter(tokens::Column::UsedAt.is_null())
            .filter(tokens::Column::ExpiresAt.gt(micros(now)));
        if self.transaction.execute(&used).await? == 0 {
            return Ok(None);
        }
        self.transaction.one(tokens::Entity::find_by_id(hash)).await?.map(OneTimeToken::try_from).transpose()
    }

    async fn end_tokens(&mut self, account_id: AccountId, purpose: Purpose) -> Result<(), StoreError> {
        let delete = tokens::Entity::delete_many()
            .filter(tokens::Column::AccountId.eq(account_id.0))
            .filter(tokens::Column::Purpose.eq(purpose.as_str()));
        Ok(self.transaction.execute(&delete).await.map(drop)?)
    }

    async fn end_links(&mut self, account: &Account, now: UtcDateTime) -> Result<(), StoreError> {
        let tokens = tokens::Entity::delete_many().filter(tokens::Column::AccountId.eq(account.id.0));
        self.transaction.execute(&tokens).await?;
        self.transaction.run(unneeded(MailTemplate::EmailVerify, "subject_id = ?", account.id.0, now)).await?;
        if let Some(customer) = account.customer_id {
            let is_to_customer = "recipient_key = (SELECT email_key FROM customers WHERE id = ?)";
            self.transaction.run(unneeded(MailTemplate::PasswordReset, is_to_customer, customer.0, now)).await?;
        }
        Ok(())
    }

    async fn purge_tokens(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let ended = Expired { table: "one_time_tokens", key: "hash", since: "expires_at", condition: "1 = 1" };
        Ok(DbTx::purge(self, &ended, before, limit).await?)
    }

    async fn verified(&mut self, id: CustomerId, email: &EmailAddress, now: UtcDateTime) -> Result<(), StoreError> {
        // The customer is locked, so that nobody else writes the row meanwhile.
        self.transaction.execute(&verified::Entity::delete_by_id(id.0)).await?;
        let row = verified::Model { customer_id: id.0, email_key: email.key(), verified_at: micros(now) };
        Ok(self.insert_rows([row]).await?)
    }

    async fn has_verified(&mut self, id: CustomerId) -> Result<bool, StoreError> {
        Ok(!self.transaction.run(with_verified_email(id)).await?.rows.is_empty())
    }
}

/// The statement that gives up the waiting mails of a template for which a condition holds.
fn unneeded(template: MailTemplate, condition: &str, of: Uuid, now: UtcDateTime) -> Statement {
    let sql = format!(
        "UPDATE messages SET status = '{}', done_at = ?, next_at = NULL, lease_holder = NULL, lease_until = NULL,
            recipient = NULL, recipient_key = NULL
        WHERE {condition} AND status = '{}' AND template = '{}'",
        MessageStatus::Unneeded.as_str(),
        MessageStatus::Pending.as_str(),
        template.as_str()
    );
    Statement::new(sql, [micros(now).into(), of.into()])
}

/// The statement that finds a customer, if it has proved the address that it has now.
fn with_verified_email(id: CustomerId) -> Statement {
    let sql = "SELECT 1 FROM verified_emails v JOIN customers c ON c.id = v.customer_id AND c.email_key = v.email_key
        WHERE v.customer_id = ?";
    Statement::new(sql, [id.0.into()])
}

/// What mail wants to know of an event.
#[derive(Deserialize)]
struct Data {
    refund_id: Option<Uuid>,
    payment_id: Option<Uuid>,
    payment_status: Option<String>,
}

fn occasion(row: &events::Model) -> Result<Occasion, StoreError> {
    let data: Data = serde_json::from_str(&row.data).map_err(|error| StoreError::Internal(error.into()))?;
    Ok(Occasion {
        position: row.position,
        id: row.id,
        event_type: EventType::parse(&row.event_type).ok(),
        stream: row.stream,
        part: data.refund_id.or(data.payment_id),
        payment_status: data.payment_status.and_then(|word| OrderPaymentStatus::parse(&word).ok()),
        at: time(row.at)?,
    })
}

/// The statement that finds due mails. Those that somebody asked for have no occasion, and come first.
fn due(now: UtcDateTime, limit: u64) -> Statement {
    let sql = format!(
        "SELECT id FROM messages WHERE status = '{}' AND next_at <= ?
            AND (lease_until IS NULL OR lease_until <= ?)
        ORDER BY (occasion IS NOT NULL), next_at LIMIT ?",
        MessageStatus::Pending.as_str()
    );
    let now = micros(now);
    Statement::new(sql, [now.into(), now.into(), limit.into()])
}
