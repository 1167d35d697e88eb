use domain::access::{Scopes, expect_within};
use domain::keys::Principal;
use domain::roles::Role;
use domain::{Code, Invalid};

use crate::{Ctx, Error, Tx};

/// The name of the field that has the role of an account.
const ROLE: &str = "role";

/// What a role allows. The row of a custom role is locked, so that it neither changes nor goes until the transaction
/// ends.
///
/// # Errors
/// The refusal of the field `role` if there is no such role.
pub async fn scopes_of(tx: &mut dyn Tx, role: Role) -> Result<Scopes, Error> {
    match (role.fixed_scopes(), role) {
        (Some(scopes), _) => Ok(scopes),
        (None, Role::Custom(name)) => {
            let unknown = || Error::field(ROLE, Invalid::new(Code::NotFound, "must name a role"));
            Ok(tx.roles().lock(&name).await?.ok_or_else(unknown)?.scopes)
        }
        (None, _) => Ok(Scopes::NONE),
    }
}

/// Refuses to give, take or change rights that whoever acts has not. Both their rows are locked.
///
/// # Errors
/// [`Error::Beyond`] if `theirs` has a scope that whoever acts has not.
pub async fn expect_grantable(tx: &mut dyn Tx, ctx: &Ctx<'_>, theirs: Scopes) -> Result<(), Error> {
    if theirs.is_empty() {
        return Ok(());
    }
    let own = own_scopes(tx, ctx).await?;
    Ok(expect_within(own, theirs)?)
}

/// [`expect_grantable`] for what a role allows.
///
/// # Errors
/// As [`expect_grantable`] and [`scopes_of`].
pub async fn expect_grantable_role(tx: &mut dyn Tx, ctx: &Ctx<'_>, role: Role) -> Result<(), Error> {
    let theirs = scopes_of(tx, role).await?;
    expect_grantable(tx, ctx, theirs).await
}

/// The current scopes of the actor, read and locked in the transaction. The check before the request may have seen
/// older ones. The command line and the server itself, which have no actor, may do everything.
async fn own_scopes(tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Scopes, Error> {
    match ctx.actor.map(|actor| actor.who) {
        None => Ok(Scopes::EVERYTHING),
        Some(Principal::Account(id)) => match tx.accounts().lock(id).await? {
            Some(account) if account.active => scopes_of(tx, account.role).await,
            _ => Ok(Scopes::NONE),
        },
        Some(Principal::Key(id)) => Ok(tx.keys().lock(id).await?.map_or(Scopes::NONE, |key| key.scopes)),
    }
}

#[cfg(test)]
mod tests {
    use domain::Uuid;
    use domain::access::{Noun, Scope};
    use domain::accounts::{Account, AccountId};
    use domain::roles::{CustomRole, RoleName};

    use super::*;
    use crate::Actor;
    use crate::testing::{CountingIds, Mocks, NOW, account, ctx, id};

    const ACTOR: AccountId = AccountId(Uuid::from_u128(5));

    async fn attempt(tx: &mut Mocks, role: Role) -> Result<(), Error> {
        let (ids, actor) = (CountingIds::default(), Actor { who: Principal::Account(ACTOR), request_id: "r".into() });
        expect_grantable_role(tx, &Ctx { actor: Some(&actor), ..ctx(&ids) }, role).await
    }

    /// A transaction in which an account of this role acts.
    fn acting(role: Role) -> Mocks {
        let mut tx = Mocks::default();
        let own = Account { role, ..account(5) };
        tx.accounts.expect_lock().withf(|id| *id == ACTOR).returning(move |_| Ok(Some(own.clone())));
        tx
    }

    fn custom(tx: &mut Mocks, scopes: &'static [Scope]) -> Role {
        let name = RoleName::parse("packing").unwrap();
        let role = CustomRole::new(id(9), name, scopes.iter().copied().collect(), NOW);
        tx.roles.expect_lock().returning(move |_| Ok(Some(role.clone())));
        Role::Custom(name)
    }

    #[tokio::test]
    async fn only_an_administrator_touches_administrators_r257() {
        assert!(attempt(&mut acting(Role::Admin), Role::Admin).await.is_ok());
        for role in [Role::Viewer, Role::Clerk] {
            assert!(matches!(attempt(&mut acting(role), Role::Admin).await, Err(Error::Beyond(_))));
        }
    }

    #[tokio::test]
    async fn a_role_is_given_by_those_who_have_all_of_it_r257() {
        let mut tx = acting(Role::Clerk);
        let within = custom(&mut tx, &[Scope::Write(Noun::Orders), Scope::Read(Noun::Payments)]);
        assert!(attempt(&mut tx, within).await.is_ok());
        let mut tx = acting(Role::Clerk);
        let more = custom(&mut tx, &[Scope::Write(Noun::Orders), Scope::Write(Noun::Payments)]);
        let Err(Error::Beyond(beyond)) = attempt(&mut tx, more).await else { panic!("it was given") };
        assert_eq!(beyond.missing.to_string(), "payments:write");
    }

    #[tokio::test]
    async fn somebody_who_was_deactivated_meanwhile_gives_nothing_r257() {
        let mut tx = Mocks::default();
        let own = Account { role: Role::Admin, active: false, ..account(5) };
        tx.accounts.expect_lock().returning(move |_| Ok(Some(own.clone())));
        assert!(matches!(attempt(&mut tx, Role::Viewer).await, Err(Error::Beyond(_))));
    }

    #[tokio::test]
    async fn a_role_without_scopes_needs_no_query_r257() {
        attempt(&mut Mocks::default(), Role::Customer).await.unwrap();
    }
}
