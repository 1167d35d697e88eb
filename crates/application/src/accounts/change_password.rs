use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::{Account, AccountChange, AccountId, AccountQueries, Password, PasswordHash};
use domain::{Code, Invalid};

use super::PasswordHasher;
use crate::{Command, Ctx, Error, Runner, Tx};

/// Gives the caller another password and ends all older tokens. Both passwords are hashed before the transaction.
#[derive(Clone)]
pub struct ChangePassword {
    /// Reads the account.
    pub accounts: Arc<dyn AccountQueries>,
    /// Checks and hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Keeps the outcome.
    pub runner: Runner,
}

impl ChangePassword {
    /// Changes the password of an account.
    ///
    /// # Errors
    /// A refused `current_password` if it is wrong; [`Error::Busy`] if too many wait.
    pub async fn run(&self, id: AccountId, current: &Password, new: &Password) -> Result<(), Error> {
        let account = self.accounts.with_customer(id).await?.ok_or(Error::NotFound("account"))?.account;
        if !self.hasher.verify(current, Some(&account.password_hash)).await? {
            return Err(wrong_password());
        }
        let password_hash = self.hasher.hash(new).await?;
        self.runner.run(ReplacePassword { id, checked: account.password_hash, password_hash }).await
    }
}

fn wrong_password() -> Error {
    Error::field("current_password", Invalid::new(Code::NotAllowed, "is not the current password"))
}

struct ReplacePassword {
    id: AccountId,
    checked: PasswordHash,
    password_hash: PasswordHash,
}

#[async_trait]
impl Command for ReplacePassword {
    type Output = ();
    const NAME: &'static str = "accounts.change_password";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        // It may have been changed while it was being checked.
        let unchanged = |account: &Account| account.active && account.password_hash == self.checked;
        let account = tx.accounts().lock(self.id).await?.filter(unchanged).ok_or_else(wrong_password)?;
        let change = AccountChange { password_hash: Some(self.password_hash.clone()), ..AccountChange::default() };
        tx.accounts().update(&account.changed(&change, ctx.now)).await?;
        Ok(tx.refresh_tokens().revoke_all(self.id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, account, id, run};

    fn replace(checked: &str) -> ReplacePassword {
        let hash = |text: &str| PasswordHash::new(text.to_owned());
        ReplacePassword { id: AccountId(id(4)), checked: hash(checked), password_hash: hash("new") }
    }

    #[tokio::test]
    async fn a_new_password_ends_every_older_token_r5() {
        let mut tx = Mocks::default();
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        tx.accounts.expect_update().once().withf(|a| a.token_epoch == 1).returning(|_| Ok(()));
        tx.refresh_tokens.expect_revoke_all().once().returning(|_| Ok(()));
        run(&replace("$2b$"), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_password_changed_while_it_was_checked_r5() {
        let mut tx = Mocks::default();
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        assert!(matches!(run(&replace("other"), &mut tx).await.unwrap_err(), Error::Invalid(_)));
    }
}
