use async_trait::async_trait;
use domain::Version;
use domain::roles::{CustomRole, Role};

use super::update::locked_role;
use crate::access::expect_grantable;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, Users, expect_unused};

/// Deletes a custom role that no account has.
#[derive(Debug, Clone)]
pub struct DeleteRole {
    /// The role. The caller must have all of its scopes.
    pub role: Role,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteRole {
    type Output = ();
    const NAME: &'static str = "roles.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let role = locked_role(tx, self.role, self.expected).await?;
        expect_grantable(tx, ctx, role.scopes).await?;
        // Whoever gives an account the role locks its row first.
        let names = if tx.accounts().any_with_role(self.role).await? { vec!["one or more".to_owned()] } else { vec![] };
        expect_unused("role", [Users { kind: "accounts", names }])?;
        tx.roles().delete(&role).await?;
        audit(tx, ctx, Self::NAME, Some(&role), None::<&CustomRole>).await
    }
}

#[cfg(test)]
mod tests {
    use domain::access::{Noun, Scope, Scopes};

    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, NOW, id, run};

    #[tokio::test]
    async fn a_role_that_an_account_has_is_not_deleted_r255() {
        let role = Role::parse("packing").unwrap();
        let Role::Custom(name) = role else { panic!("it is fixed") };
        let packing = move || CustomRole::new(id(9), name, Scopes::of(Scope::Read(Noun::Orders)), NOW);
        for is_used in [false, true] {
            let mut tx = Mocks::default();
            tx.roles.expect_lock().once().returning(move |_| Ok(Some(packing())));
            tx.accounts.expect_any_with_role().once().returning(move |_| Ok(is_used));
            tx.roles.expect_delete().times(usize::from(!is_used)).returning(|_| Ok(()));
            match run(&DeleteRole { role, expected: None }, &mut tx).await {
                Ok(()) => assert!(!is_used),
                Err(refused) => {
                    assert!(is_used && matches!(refused, Error::Conflict(Conflict::InUse { what: "role", .. })));
                }
            }
        }
    }
}
