use async_trait::async_trait;
use domain::accounts::AccountId;
use domain::{Page, PageRequest, StoreError, UtcDateTime, Uuid};

/// Who acts, and in which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account_id: AccountId,
    /// The id of the request.
    pub request_id: String,
}

/// A field of something, as it is shown. It never holds a secret.
pub type Field = (&'static str, Option<String>);

/// One change by an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The id; later entries sort after earlier ones.
    pub id: Uuid,
    /// Who, and in which request.
    pub actor: Actor,
    /// What was done, as the name of the command.
    pub action: String,
    /// To what kind of thing, such as `product`.
    pub resource: String,
    /// To which of them.
    pub resource_id: Uuid,
    /// The fields that changed, before; none if it was made.
    pub before: Vec<(String, Option<String>)>,
    /// The same fields after; none if it was deleted.
    pub after: Vec<(String, Option<String>)>,
    /// When.
    pub at: UtcDateTime,
}

/// The audit log within a transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send {
    /// Appends an entry.
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StoreError>;

    /// Erases the field values in entries about these resources.
    async fn erase(&mut self, resource_ids: &[Uuid]) -> Result<(), StoreError>;
}

/// Which entries a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only those of this account.
    pub actor: Option<AccountId>,
    /// Only those about this kind of thing.
    pub resource: Option<String>,
    /// Only those about this thing.
    pub resource_id: Option<Uuid>,
    /// Only those at this time or later.
    pub after: Option<UtcDateTime>,
    /// Only those before this time.
    pub before: Option<UtcDateTime>,
}

/// Reads of the audit log, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AuditQueries: Send + Sync {
    /// A page of entries, newest first.
    async fn list(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditEntry>, StoreError>;
}
