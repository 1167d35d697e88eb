use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::{Account, AccountChange, AccountId, AccountQueries, Password, PasswordHash};
use domain::{Code, Invalid};

use super::PasswordHasher;
use crate::{Command, Ctx, Error, Tx};

/// Prepares the change of a password: what is slow about it, before the transaction.
#[derive(Clone)]
pub struct ChangePassword {
    /// Reads the account.
    pub accounts: Arc<dyn AccountQueries>,
    /// Checks and hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
}

impl ChangePassword {
    /// Checks the current password of an account and hashes the new one; what is left to do is the command.
    ///
    /// A wrong password is refused by the command and not here, so that a request that was done before, and comes again
    /// under its idempotency key, is answered as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account; [`Error::Busy`] if too many wait.
    pub async fn prepare(&self, id: AccountId, current: &Password, new: &Password) -> Result<ReplacePassword, Error> {
        let account = self.accounts.with_customer(id).await?.ok_or(Error::NotFound("account"))?.account;
        if !self.hasher.verify(current, Some(&account.password_hash)).await? {
            return Ok(ReplacePassword { id, hashes: None });
        }
        let new = self.hasher.hash(new).await?;
        Ok(ReplacePassword { id, hashes: Some(Hashes { checked: account.password_hash, new }) })
    }
}

fn wrong_password() -> Error {
    Error::field("current_password", Invalid::new(Code::NotAllowed, "is not the current password"))
}

/// Gives an account another password and ends all older tokens.
#[derive(Debug, Clone)]
pub struct ReplacePassword {
    id: AccountId,
    /// `None` if the current password was wrong.
    hashes: Option<Hashes>,
}

#[derive(Debug, Clone)]
struct Hashes {
    checked: PasswordHash,
    new: PasswordHash,
}

#[async_trait]
impl Command for ReplacePassword {
    type Output = ();
    const NAME: &'static str = "accounts.change_password";
    const CHANGES_ACCESS: bool = true;

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let Hashes { checked, new } = self.hashes.as_ref().ok_or_else(wrong_password)?;
        // It may have been changed while it was being checked.
        let unchanged = |account: &Account| account.active && account.password_hash == *checked;
        let account = tx.accounts().lock(self.id).await?.filter(unchanged).ok_or_else(wrong_password)?;
        let change = AccountChange { password_hash: Some(new.clone()), ..AccountChange::default() };
        tx.accounts().update(&account.changed(&change, ctx.now)).await?;
        Ok(tx.refresh_tokens().revoke_all(self.id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::MockPasswordHasher;
    use crate::testing::{Mocks, account, id, run};
    use domain::accounts::{AccountWithCustomer, MockAccountQueries};

    fn replace(checked: &str) -> ReplacePassword {
        let hash = |text: &str| PasswordHash::new(text.to_owned());
        let hashes = Hashes { checked: hash(checked), new: hash("new") };
        ReplacePassword { id: AccountId(id(4)), hashes: Some(hashes) }
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

    #[tokio::test]
    async fn a_wrong_password_is_refused_before_anything_is_read_r5() {
        let wrong = ReplacePassword { id: AccountId(id(4)), hashes: None };
        assert!(matches!(run(&wrong, &mut Mocks::default()).await.unwrap_err(), Error::Invalid(_)));
    }

    #[tokio::test]
    async fn nothing_is_hashed_when_the_current_password_is_wrong_r5() {
        let mut accounts = MockAccountQueries::new();
        let found = AccountWithCustomer { account: account(4), customer: None };
        accounts.expect_with_customer().once().return_once(|_| Ok(Some(found)));
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_verify().once().returning(|_, _| Ok(false));
        let change = ChangePassword { accounts: Arc::new(accounts), hasher: Arc::new(hasher) };
        let (wrong, new) = (Password::claimed("wrong".into()), Password::parse("a-long-password").unwrap());
        assert!(change.prepare(AccountId(id(4)), &wrong, &new).await.unwrap().hashes.is_none());
    }
}
