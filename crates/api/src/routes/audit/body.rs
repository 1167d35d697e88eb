use std::collections::BTreeMap;

use crate::respond::{Id, Timestamp};
use crate::schema::{Apiv2Schema, DefaultSchemaRaw, ResponseBody};
use crate::{example, schema};
use application::AuditEntry;
use serde::Serialize;
use serde_json::json;

/// A change by staff or a key.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "AuditEntry")]
pub(crate) struct AuditBody {
    id: Id,
    at: Timestamp,
    /// The account that did it, or `key:` and the id of a key.
    actor: String,
    request_id: String,
    /// The command, such as `products.update`.
    action: String,
    /// To what kind of thing, such as `product`.
    resource: String,
    resource_id: Id,
    /// The fields that changed, before; none if it was made.
    before: Fields,
    /// The same fields after; none if it was deleted.
    after: Fields,
}

/// Fields with what they held.
#[derive(Serialize)]
pub(crate) struct Fields(BTreeMap<String, Option<String>>);

impl Apiv2Schema for Fields {
    fn raw_schema() -> DefaultSchemaRaw {
        let value = schema::nullable(json!({ "type": "string" }));
        schema::with_schema(json!({ "type": "object", "additionalProperties": value }))
    }
}

impl ResponseBody for AuditBody {
    fn example() -> Self {
        example::audit_entry().into()
    }
}

impl From<AuditEntry> for AuditBody {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: Id(entry.id),
            at: Timestamp(entry.at),
            actor: entry.actor.who.to_string(),
            request_id: entry.actor.request_id,
            action: entry.action,
            resource: entry.resource,
            resource_id: Id(entry.resource_id),
            before: Fields(entry.before.into_iter().collect()),
            after: Fields(entry.after.into_iter().collect()),
        }
    }
}
