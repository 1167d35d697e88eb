use async_trait::async_trait;
use domain::Uuid;
use domain::access::Scopes;

use crate::audit_trail::Audited;
use crate::{AuditEntry, Command, Ctx, Error, Runner, Tx};

/// A grant that somebody attempts.
#[derive(Debug, Clone, Copy)]
pub struct Attempted {
    action: &'static str,
    resource: &'static str,
    resource_id: Uuid,
}

impl Attempted {
    /// The command `C` on this thing; nil for one that is to be made.
    pub const fn new<C: Command, T: Audited>(resource_id: Uuid) -> Self {
        Self { action: C::NAME, resource: T::RESOURCE, resource_id }
    }
}

/// Records in the audit log that somebody attempted to grant what they have not.
#[derive(Debug, Clone)]
pub struct RecordRefusedGrant {
    /// What was attempted.
    pub attempted: Attempted,
    /// The scopes that were missing; none if it is for administrators.
    pub missing: Scopes,
}

#[async_trait]
impl Command for RecordRefusedGrant {
    type Output = ();
    const NAME: &'static str = "access.record_refused_grant";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let Some(actor) = ctx.actor else { return Ok(()) };
        let Attempted { action, resource, resource_id } = self.attempted;
        let missing = if self.missing.is_empty() { "administrator".to_owned() } else { self.missing.to_string() };
        let entry = AuditEntry {
            id: ctx.ids.next(),
            actor: actor.clone(),
            action: format!("{action}.refused"),
            resource: resource.to_owned(),
            resource_id,
            before: Vec::new(),
            after: vec![("missing".to_owned(), Some(missing))],
            at: ctx.now,
        };
        Ok(tx.audit().append(&entry).await?)
    }
}

/// The result of a command. If it was refused because it grants too much, that is recorded, in a transaction of its own:
/// that of the command was rolled back.
///
/// # Errors
/// That of the command, or a failure to record it.
pub async fn note_refusal<T>(runner: &Runner, attempted: Attempted, result: Result<T, Error>) -> Result<T, Error> {
    if let Err(Error::Beyond(beyond)) = &result {
        runner.run(RecordRefusedGrant { attempted, missing: beyond.missing }).await?;
    }
    result
}

#[cfg(test)]
mod tests {
    use domain::access::{Noun, Scope};
    use domain::accounts::{Account, AccountId};
    use domain::keys::Principal;

    use super::*;
    use crate::Actor;
    use crate::accounts::UpdateAccount;
    use crate::testing::{Mocks, id, run_as};

    #[tokio::test]
    async fn a_refused_grant_is_in_the_audit_log_with_what_was_missing_r262() {
        let actor = Actor { who: Principal::Account(AccountId(id(5))), request_id: "r-1".into() };
        for (missing, shown) in
            [(Scopes::of(Scope::Write(Noun::Orders)), "orders:write"), (Scopes::NONE, "administrator")]
        {
            let mut tx = Mocks::default();
            tx.audit.expect_append().once().returning(move |entry| {
                assert_eq!((entry.action.as_str(), entry.resource.as_str()), ("accounts.update.refused", "account"));
                assert_eq!(entry.after, [("missing".to_owned(), Some(shown.to_owned()))]);
                Ok(())
            });
            let attempted = Attempted::new::<UpdateAccount, Account>(id(4));
            run_as(&RecordRefusedGrant { attempted, missing }, &mut tx, &actor).await.unwrap();
        }
    }
}
