use std::collections::BTreeMap;

use application::AuditEntry;
use paperclip::actix::Apiv2Schema;
use serde::Serialize;

use crate::answer::{Id, Timestamp};

/// A change by an administrator.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "AuditEntry")]
pub(crate) struct AuditBody {
    id: Id,
    at: Timestamp,
    /// The account that did it.
    actor: Id,
    request_id: String,
    /// What was done, such as `products.update`.
    action: String,
    /// To what kind of thing, such as `product`.
    resource: String,
    resource_id: Id,
    /// The fields that changed, before; none if it was made.
    before: BTreeMap<String, Option<String>>,
    /// The same fields after; none if it was deleted.
    after: BTreeMap<String, Option<String>>,
}

impl From<AuditEntry> for AuditBody {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: Id(entry.id),
            at: Timestamp(entry.at),
            actor: Id(entry.actor.account_id.0),
            request_id: entry.actor.request_id,
            action: entry.action,
            resource: entry.resource,
            resource_id: Id(entry.resource_id),
            before: entry.before.into_iter().collect(),
            after: entry.after.into_iter().collect(),
        }
    }
}
