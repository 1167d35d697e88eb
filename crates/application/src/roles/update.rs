use async_trait::async_trait;
use domain::access::Scopes;
use domain::roles::{CustomRole, Role};
use domain::{Code, Invalid, Version};

use crate::access::expect_grantable;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes what a custom role allows, for all accounts that have it.
#[derive(Debug, Clone)]
pub struct UpdateRole {
    /// The role to change.
    pub role: Role,
    /// What it allows from now on; `None` keeps it.
    pub scopes: Option<Scopes>,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateRole {
    type Output = CustomRole;
    const NAME: &'static str = "roles.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<CustomRole, Error> {
        let before = locked_role(tx, self.role, self.expected).await?;
        let role = before.allowing(self.scopes.unwrap_or(before.scopes), ctx.now);
        if role == before {
            return Ok(before);
        }
        expect_grantable(tx, ctx, before.scopes.and(role.scopes)).await?;
        tx.roles().update(&role).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&role)).await?;
        Ok(role)
    }
}

/// Locks a custom role.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version; the refusal of the name of a fixed one.
pub(super) async fn locked_role(tx: &mut dyn Tx, role: Role, expected: Option<Version>) -> Result<CustomRole, Error> {
    let Role::Custom(name) = role else {
        return Err(Error::field(
            "name",
            Invalid::new(Code::NotAllowed, "is that of a fixed role, which never changes"),
        ));
    };
    let role = tx.roles().lock(&name).await?.ok_or(Error::NotFound("role"))?;
    expect_version(expected, role.version)?;
    Ok(role)
}

#[cfg(test)]
mod tests {
    use domain::access::{Noun, Scope};
    use domain::accounts::{Account, AccountId};
    use domain::keys::Principal;

    use super::*;
    use crate::Actor;
    use crate::testing::{Mocks, NOW, account, id, run, run_as};

    fn packing() -> CustomRole {
        let Role::Custom(name) = Role::parse("packing").unwrap() else { panic!("it is fixed") };
        CustomRole::new(id(9), name, Scopes::of(Scope::Read(Noun::Orders)), NOW)
    }

    fn update(name: &str, scope: Scope) -> UpdateRole {
        UpdateRole { role: Role::parse(name).unwrap(), scopes: Some(Scopes::of(scope)), expected: None }
    }

    fn known() -> Mocks {
        let mut tx = Mocks::default();
        tx.roles.expect_lock().once().returning(|_| Ok(Some(packing())));
        tx
    }

    #[tokio::test]
    async fn other_scopes_are_written_and_the_same_ones_are_not_r255() {
        let mut tx = known();
        tx.roles.expect_update().once().returning(|_| Ok(()));
        assert_eq!(run(&update("packing", Scope::Write(Noun::Orders)), &mut tx).await.unwrap().version, Version(2));
        assert_eq!(run(&update("packing", Scope::Read(Noun::Orders)), &mut known()).await.unwrap(), packing());
    }

    #[tokio::test]
    async fn a_fixed_role_never_changes_r255() {
        let refused = run(&update("viewer", Scope::Write(Noun::Orders)), &mut Mocks::default()).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused:?}");
    }

    #[tokio::test]
    async fn nobody_makes_a_role_allow_more_than_they_have_r257() {
        let mut tx = known();
        let clerk = Account { role: Role::Clerk, ..account(5) };
        tx.accounts.expect_lock().returning(move |_| Ok(Some(clerk.clone())));
        let actor = Actor { who: Principal::Account(AccountId(id(5))), request_id: "r".into() };
        let refused = run_as(&update("packing", Scope::Write(Noun::Payments)), &mut tx, &actor).await.unwrap_err();
        assert!(matches!(refused, Error::Beyond(_)), "{refused:?}");
    }
}
