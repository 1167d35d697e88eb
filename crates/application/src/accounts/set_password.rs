use async_trait::async_trait;
use domain::accounts::{Account, AccountChange, AccountId, PasswordHash};

use super::update::locked_account;
use crate::audit_trail::audit;
use crate::mails::tell_of_new_password;
use crate::{Command, Ctx, Error, Tx};

/// Gives an account a new password without the old one. It ends all tokens, and the lockout after failed logins with
/// the user name.
#[derive(Debug, Clone)]
pub struct SetPassword {
    /// The account that is locked out or whose password is lost.
    pub id: AccountId,
    /// The bcrypt hash of the new password, made before the transaction.
    pub password_hash: PasswordHash,
}

#[async_trait]
impl Command for SetPassword {
    type Output = Account;
    const NAME: &'static str = "accounts.set_password";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Account, Error> {
        let before = locked_account(tx, self.id, None).await?;
        let change = AccountChange { password_hash: Some(self.password_hash.clone()), ..AccountChange::default() };
        let account = before.changed(&change, ctx.now);
        tx.accounts().update(&account).await?;
        tx.refresh_tokens().revoke_all(self.id).await?;
        tx.mails().end_links(&account, ctx.now).await?;
        tx.login_failures().forget_account(&account).await?;
        tell_of_new_password(tx, ctx, &account).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&account)).await?;
        Ok(account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, account, id, run};

    #[tokio::test]
    async fn a_password_set_by_hand_ends_tokens_and_lockout() {
        let mut tx = Mocks::default();
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        let stored = |a: &Account| a.token_epoch == 1 && a.password_hash.reveal() == "new";
        tx.accounts.expect_update().once().withf(stored).returning(|_| Ok(()));
        tx.refresh_tokens.expect_revoke_all().once().returning(|_| Ok(()));
        tx.mails.expect_end_links().once().returning(|_, _| Ok(()));
        tx.login_failures.expect_forget_account().once().returning(|_| Ok(()));
        let set = SetPassword { id: AccountId(id(4)), password_hash: PasswordHash::new("new".into()) };
        run(&set, &mut tx).await.unwrap();
    }
}
