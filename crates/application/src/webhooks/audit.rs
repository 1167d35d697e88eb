use domain::Uuid;
use domain::webhooks::{Endpoint, EndpointDetails};

use crate::Field;
use crate::audit_trail::{Audited, audit, field, optional};
use crate::{Ctx, Error, Tx};

impl Audited for Endpoint {
    const RESOURCE: &'static str = "webhook_endpoint";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    /// Of the target only the origin: the rest may hold a secret of the receiver.
    fn fields(&self) -> Vec<Field> {
        vec![
            field(EndpointDetails::TARGET, &self.target.origin()),
            field("types", &self.types),
            optional("description", self.description.as_ref()),
            field("status", self.status.as_str()),
            field("generation", &self.generation),
            optional("replay", self.replay.map(|(after, before)| format!("{after}..{before}")).as_ref()),
        ]
    }
}

/// An endpoint in the audit log. It also says whether the path of its target has changed, which may hold a secret and
/// is not shown.
struct Changed<'a> {
    endpoint: &'a Endpoint,
    /// Whether its target is another than before.
    is_moved: bool,
}

impl Audited for Changed<'_> {
    const RESOURCE: &'static str = Endpoint::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.endpoint.resource_id()
    }

    fn fields(&self) -> Vec<Field> {
        let rest = self.is_moved.then(|| field("path", "changed"));
        self.endpoint.fields().into_iter().chain(rest).collect()
    }
}

/// Adds an entry about a change of an endpoint. It says that the target has changed, and shows only its origin.
pub(super) async fn audit_change(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    action: &'static str,
    before: &Endpoint,
    after: &Endpoint,
) -> Result<(), Error> {
    let old = Changed { endpoint: before, is_moved: false };
    let new = Changed { endpoint: after, is_moved: after.target != before.target };
    audit(tx, ctx, action, Some(&old), Some(&new)).await
}

#[cfg(test)]
mod tests {
    use domain::accounts::AccountId;
    use domain::keys::Principal;
    use domain::webhooks::Target;

    use super::super::testing::endpoint;
    use super::*;
    use crate::testing::{CountingIds, Mocks, ctx, id};
    use crate::{Actor, AuditEntry};

    /// The entry of a move from the target of [`endpoint`].
    async fn moved_to(target: &str) -> AuditEntry {
        let after = Endpoint { target: Target::parse(target).unwrap(), ..endpoint() };
        let (ids, logged) = (CountingIds::default(), std::sync::Arc::<std::sync::Mutex<Vec<AuditEntry>>>::default());
        let (mut tx, log) = (Mocks::default(), logged.clone());
        tx.audit.expect_append().once().returning(move |entry| {
            log.lock().unwrap().push(entry.clone());
            Ok(())
        });
        let actor = Actor { who: Principal::Account(AccountId(id(5))), request_id: "r-1".into() };
        let ctx = Ctx { actor: Some(&actor), ..ctx(&ids) };
        audit_change(&mut tx, &ctx, "webhook_endpoints.update", &endpoint(), &after).await.unwrap();
        logged.lock().unwrap().remove(0)
    }

    #[tokio::test]
    async fn the_log_shows_the_origin_of_a_target_and_that_the_rest_has_changed() {
        let pair = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        let elsewhere = moved_to("https://other.example:8443/hook?token=hush").await;
        assert_eq!(elsewhere.before, [pair(EndpointDetails::TARGET, "https://receiver.example")]);
        assert_eq!(
            elsewhere.after,
            [pair(EndpointDetails::TARGET, "https://other.example:8443"), pair("path", "changed")]
        );
        let same_origin = moved_to("https://receiver.example/hook?token=hush").await;
        assert_eq!((same_origin.before, same_origin.after), (vec![], vec![pair("path", "changed")]));
    }
}
