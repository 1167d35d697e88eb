use domain::Version;
use domain::webhooks::{Endpoint, EndpointId};

use super::audit::audit_change;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// The endpoint, locked, at the version that the caller expects.
///
/// # Errors
/// If there is none, or it has another version.
pub(super) async fn locked_endpoint(
    tx: &mut dyn Tx,
    id: EndpointId,
    expected: Option<Version>,
) -> Result<Endpoint, Error> {
    let endpoint = tx.webhooks().lock(id).await?.ok_or(Error::NotFound("webhook endpoint"))?;
    expect_version(expected, endpoint.version)?;
    Ok(endpoint)
}

/// Changes an endpoint and adds the entry of the command `C` to the audit log. Writes nothing if nothing changes.
///
/// # Errors
/// If there is no such endpoint, or it has another version than the caller expects.
pub(super) async fn change_endpoint<C: Command>(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    id: EndpointId,
    expected: Option<Version>,
    change: impl FnOnce(&Endpoint) -> Endpoint + Send,
) -> Result<Endpoint, Error> {
    let before = locked_endpoint(tx, id, expected).await?;
    let endpoint = change(&before);
    if endpoint != before {
        tx.webhooks().update(&endpoint).await?;
        audit_change(tx, ctx, C::NAME, &before, &endpoint).await?;
    }
    Ok(endpoint)
}
