use async_trait::async_trait;
use domain::accounts::AccountId;
use domain::customers::CustomerId;
use domain::keys::Principal;
use domain::{Page, PageRequest, StoreError, UtcDateTime, Uuid};

/// Who acts, and the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account or the key.
    pub who: Principal,
    /// The id of the request that did it, which log lines also have.
    pub request_id: String,
}

/// Name and value of a field, as shown in the audit log. Never a secret.
pub type Field = (&'static str, Option<String>);

/// One change by staff or a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// A `UUIDv7`: sorts by time.
    pub id: Uuid,
    /// Who did it, and the request.
    pub actor: Actor,
    /// The name of the command, such as `products.update`.
    pub action: String,
    /// The kind of resource, such as `product`.
    pub resource: String,
    /// The id of what was changed. It may be gone since.
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
    /// Appends an entry, in the transaction of the change that it records.
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StoreError>;

    /// The entries about an account that is deleted are its customer's from now on, so that they are exported and erased with
    /// it.
    async fn give_to_customer(&mut self, account_id: AccountId, customer_id: CustomerId) -> Result<(), StoreError>;
}

/// The filter of a list of entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only entries of this account or key.
    pub actor: Option<Principal>,
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
