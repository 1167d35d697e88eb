use async_trait::async_trait;
use domain::Version;
use domain::accounts::{Account, AccountChange, AccountId};

use crate::access::expect_grantable_role;
use crate::audit_trail::audit;
use crate::last_admin::keep_an_admin;
use crate::mails::tell_of_new_password;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes an account. A new password, role or activity ends all its tokens.
#[derive(Debug, Clone)]
pub struct UpdateAccount {
    /// The account that changes.
    pub id: AccountId,
    /// The fields to change.
    pub change: AccountChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateAccount {
    type Output = Account;
    const NAME: &'static str = "accounts.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Account, Error> {
        let before = locked_account(tx, self.id, self.expected).await?;
        let account = before.changed(&self.change, ctx.now);
        if account == before {
            return Ok(before);
        }
        expect_grantable_role(tx, ctx, before.role).await?;
        if account.role != before.role {
            expect_grantable_role(tx, ctx, account.role).await?;
        }
        if !account.is_active_admin() {
            keep_an_admin(tx, &before).await?;
        }
        tx.accounts().update(&account).await?;
        if account.token_epoch != before.token_epoch {
            tx.refresh_tokens().revoke_all(self.id).await?;
            tx.mails().end_links(&account, ctx.now).await?;
        }
        if self.change.password_hash.is_some() {
            tell_of_new_password(tx, ctx, &account).await?;
        }
        audit(tx, ctx, Self::NAME, Some(&before), Some(&account)).await?;
        Ok(account)
    }
}

/// Locks an account.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(super) async fn locked_account(
    tx: &mut dyn Tx,
    id: AccountId,
    expected: Option<Version>,
) -> Result<Account, Error> {
    let account = tx.accounts().lock(id).await?.ok_or(Error::NotFound("account"))?;
    expect_version(expected, account.version)?;
    Ok(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, account, id, run};
    use domain::accounts::Username;
    use domain::roles::Role;

    fn update(change: AccountChange) -> UpdateAccount {
        UpdateAccount { id: AccountId(id(4)), change, expected: None }
    }

    fn admin() -> Mocks {
        let mut tx = Mocks::default();
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(Account { role: Role::Admin, ..account(4) })));
        tx
    }

    #[tokio::test]
    async fn a_demotion_ends_all_tokens_of_the_account_r2_r22() {
        let mut tx = admin();
        tx.accounts.expect_lock_active_admins().once().returning(|| Ok(vec![AccountId(id(3)), AccountId(id(4))]));
        tx.accounts.expect_update().once().withf(|a| a.token_epoch == 1).returning(|_| Ok(()));
        tx.refresh_tokens.expect_revoke_all().once().returning(|_| Ok(()));
        tx.mails.expect_end_links().once().returning(|_, _| Ok(()));
        let demote = AccountChange { role: Some(Role::Customer), ..AccountChange::default() };
        assert_eq!(run(&update(demote), &mut tx).await.unwrap().role, Role::Customer);
    }

    #[tokio::test]
    async fn a_new_user_name_ends_no_tokens_r22() {
        let mut tx = admin();
        tx.accounts.expect_update().once().returning(|_| Ok(()));
        let rename = AccountChange { username: Username::parse("bea").ok(), ..AccountChange::default() };
        run(&update(rename), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes_r22() {
        let same = AccountChange { role: Some(Role::Admin), active: Some(true), ..AccountChange::default() };
        assert_eq!(run(&update(same), &mut admin()).await.unwrap().version, Version::FIRST);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_last_active_administrator_would_be_demoted_or_deactivated_r23() {
        let demote = AccountChange { role: Some(Role::Customer), ..AccountChange::default() };
        let deactivate = AccountChange { active: Some(false), ..AccountChange::default() };
        for change in [demote, deactivate] {
            let mut tx = admin();
            tx.accounts.expect_lock_active_admins().once().returning(|| Ok(vec![AccountId(id(4))]));
            let refused = run(&update(change), &mut tx).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(Conflict::LastAdmin)));
        }
    }
}
