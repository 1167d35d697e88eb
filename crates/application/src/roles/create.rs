use async_trait::async_trait;
use domain::access::Scopes;
use domain::roles::{CustomRole, Role};

use crate::access::expect_grantable;
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Creates a custom role.
#[derive(Debug, Clone)]
pub struct CreateRole {
    /// Its name; unique.
    pub role: Role,
    /// What it allows.
    pub scopes: Scopes,
}

#[async_trait]
impl Command for CreateRole {
    type Output = CustomRole;
    const NAME: &'static str = "roles.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<CustomRole, Error> {
        // Every shop has the fixed ones already.
        let Role::Custom(name) = self.role else { return Err(Conflict::Duplicate(CustomRole::UNIQUE_NAME).into()) };
        expect_grantable(tx, ctx, self.scopes).await?;
        // Two at once may make one more than that, which harms nobody.
        if tx.roles().count().await? >= CustomRole::MOST {
            return Err(Conflict::TooMany { what: "custom roles", most: CustomRole::MOST }.into());
        }
        let role = CustomRole::new(ctx.ids.next(), name, self.scopes, ctx.now);
        tx.roles().insert(&role).await?;
        audit(tx, ctx, Self::NAME, None, Some(&role)).await?;
        Ok(role)
    }
}

#[cfg(test)]
mod tests {
    use domain::access::{Noun, Scope};

    use super::*;
    use crate::testing::{Mocks, run};

    fn create(name: &str) -> CreateRole {
        CreateRole { role: Role::parse(name).unwrap(), scopes: Scopes::of(Scope::Read(Noun::Orders)) }
    }

    #[tokio::test]
    async fn a_role_is_made_unless_the_name_is_that_of_a_fixed_one_r255() {
        let mut tx = Mocks::default();
        tx.roles.expect_count().once().returning(|| Ok(49));
        tx.roles.expect_insert().once().returning(|_| Ok(()));
        assert_eq!(run(&create("packing"), &mut tx).await.unwrap().name.as_str(), "packing");
        let taken = run(&create("clerk"), &mut Mocks::default()).await.unwrap_err();
        assert!(matches!(taken, Error::Conflict(Conflict::Duplicate(CustomRole::UNIQUE_NAME))), "{taken:?}");
    }

    #[tokio::test]
    async fn a_shop_has_50_roles_of_its_own_at_most_r255() {
        let mut tx = Mocks::default();
        tx.roles.expect_count().once().returning(|| Ok(50));
        let refused = run(&create("packing"), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::TooMany { most: 50, .. })), "{refused:?}");
    }
}
