//! Records changes in the audit log.

use domain::Uuid;

use crate::{AuditEntry, Ctx, Error, Field, Tx};

/// A resource whose changes are recorded in the audit log. Each noun lists its fields in `<noun>/audit.rs`.
pub trait Audited: Sync {
    /// The kind of resource, such as `product`.
    const RESOURCE: &'static str;

    /// The id under which the audit log has its changes.
    fn resource_id(&self) -> Uuid;

    /// The recorded fields. Never a secret.
    fn fields(&self) -> Vec<Field>;
}

/// Adds an entry with the fields that differ, if staff or an API key act.
pub async fn audit<T: Audited>(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    action: &'static str,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), Error> {
    let (Some(actor), Some(thing)) = (ctx.actor, after.or(before)) else { return Ok(()) };
    let (old, new) = (before.map(T::fields).unwrap_or_default(), after.map(T::fields).unwrap_or_default());
    let differing = |some: &[Field], others: &[Field]| -> Vec<(String, Option<String>)> {
        let differs = some.iter().filter(|field| !others.contains(field));
        differs.map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    };
    let entry = AuditEntry {
        id: ctx.ids.next(),
        actor: actor.clone(),
        action: action.to_owned(),
        resource: T::RESOURCE.to_owned(),
        resource_id: thing.resource_id(),
        before: differing(&old, &new),
        after: differing(&new, &old),
        at: ctx.now,
    };
    Ok(tx.audit().append(&entry).await?)
}

/// A field that every resource of its kind has.
pub fn field(name: &'static str, value: &(impl ToString + ?Sized)) -> Field {
    (name, Some(value.to_string()))
}

/// A field that may have no value: the audit log has a null then.
pub fn optional(name: &'static str, value: Option<&impl ToString>) -> Field {
    (name, value.map(ToString::to_string))
}
