use async_trait::async_trait;
use domain::accounts::AccountId;
use domain::{Page, PageRequest, StoreError, UtcDateTime, Uuid};

/// The acting administrator and the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account_id: AccountId,
    /// The id of the request.
    pub request_id: String,
}

/// Name and value of a field, as shown in the audit log. Never a secret.
pub type Field = (&'static str, Option<String>);

/// One change by an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// A `UUIDv7`: sorts by time.
    pub id: Uuid,
    /// The administrator and the request.
    pub actor: Actor,
    /// The name of the command, such as `products.update`.
    pub action: String,
    /// The kind of resource, such as `product`.
    pub resource: String,
    /// The id of the resource.
    pub resource_id: Uuid,
    /// The changed fields before the change; empty if the resource was created.
    pub before: Vec<(String, Option<String>)>,
    /// The changed fields after the change; empty if the resource was deleted.
    pub after: Vec<(String, Option<String>)>,
    /// Time of the change.
    pub at: UtcDateTime,
}

/// The audit log within a transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send {
    /// Appends an entry.
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StoreError>;
}

/// The filter of a list of entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only entries of this account.
    pub actor: Option<AccountId>,
    /// Only entries about this kind of resource.
    pub resource: Option<String>,
    /// Only entries about this resource.
    pub resource_id: Option<Uuid>,
    /// Only entries at this time or later.
    pub after: Option<UtcDateTime>,
    /// Only entries before this time.
    pub before: Option<UtcDateTime>,
}

/// Reads of the audit log, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AuditQueries: Send + Sync {
    /// A page of entries, newest first.
    async fn list(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditEntry>, StoreError>;
}
