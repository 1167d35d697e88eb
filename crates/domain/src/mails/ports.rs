use async_trait::async_trait;

use super::{MailFilter, Message, MessageId, Occasion, OneTimeToken, Purpose};
use crate::accounts::{Account, AccountId, TokenHash};
use crate::customers::{Customer, CustomerId, EmailAddress};
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// The queue of mails, and one-time tokens, within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait MailRepository: Send {
    /// Begins to read the feed at its present end, if mail has not read it yet.
    async fn join(&mut self) -> Result<(), StoreError>;

    /// How far mail has read the feed, locked; `None` before [`Self::join`].
    async fn position(&mut self) -> Result<Option<i64>, StoreError>;

    /// Up to `limit` events of the feed after a position, in order.
    async fn passing(&mut self, after: i64, limit: u64) -> Result<Vec<Occasion>, StoreError>;

    /// Mail has read the feed up to this position, which was locked.
    async fn advance(&mut self, position: i64) -> Result<(), StoreError>;

    /// Queues messages, but those of a template about a subject that are queued for their occasion already.
    async fn queue(&mut self, messages: &[Message]) -> Result<(), StoreError>;

    /// The current message, locked.
    async fn lock(&mut self, id: MessageId) -> Result<Option<Message>, StoreError>;

    /// Writes a locked message.
    async fn save(&mut self, message: &Message) -> Result<(), StoreError>;

    /// Deletes up to `limit` messages that were done before `before`. Returns how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;

    /// Stores a token. Earlier ones of the account for the same purpose end.
    async fn put_token(&mut self, token: &OneTimeToken) -> Result<(), StoreError>;

    /// Uses the token with this hash up; `None` if there is none for this purpose that is good at `now`. Of several
    /// transactions at once, one gets it.
    async fn use_token(
        &mut self,
        hash: &TokenHash,
        purpose: Purpose,
        now: UtcDateTime,
    ) -> Result<Option<OneTimeToken>, StoreError>;

    /// Deletes the tokens of an account for a purpose.
    async fn end_tokens(&mut self, account_id: AccountId, purpose: Purpose) -> Result<(), StoreError>;

    /// Ends every token of a locked account, and gives up the mails that would bring it another: those with which it proves
    /// an address, and those with which whoever reads the address of its customer sets a password.
    async fn end_links(&mut self, account: &Account, now: UtcDateTime) -> Result<(), StoreError>;

    /// Deletes up to `limit` tokens that expired before `before`. Returns how many.
    async fn purge_tokens(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;

    /// Writes down that a customer has proved that an address is its own.
    async fn verified(&mut self, id: CustomerId, email: &EmailAddress, now: UtcDateTime) -> Result<(), StoreError>;

    /// Whether a customer has proved that the address that it has now is its own.
    async fn has_verified(&mut self, id: CustomerId) -> Result<bool, StoreError>;
}

/// Reads of mails, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait MailQueries: Send + Sync {
    /// Up to `limit` messages that are due and that nobody sends: those that somebody asked for first, then the longest due.
    async fn due(&self, now: UtcDateTime, limit: u64) -> Result<Vec<MessageId>, StoreError>;

    /// The message with this id; `None` if there is none.
    async fn get(&self, id: MessageId) -> Result<Option<Message>, StoreError>;

    /// A page of messages, newest first.
    async fn list(&self, filter: &MailFilter, page: &PageRequest) -> Result<Page<Message>, StoreError>;

    /// How far mail has read the feed; `None` if it has not begun.
    async fn position(&self) -> Result<Option<i64>, StoreError>;

    /// When the customer has proved that the address that it has now is its own.
    async fn verified_at(&self, customer: &Customer) -> Result<Option<UtcDateTime>, StoreError>;

    /// Whether a customer has proved that the address that it has now is its own.
    async fn has_verified(&self, id: CustomerId) -> Result<bool, StoreError>;
}
