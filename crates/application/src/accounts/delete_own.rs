use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::{Account, AccountId, AccountQueries, Network, Password, PasswordHash};
use domain::{Code, Invalid};

use super::{DeleteAccount, PasswordHasher, Throttle};
use crate::customers::DeleteCustomer;
use crate::{Command, Ctx, Error, Runner, Tx};

/// The wish to delete the own account.
#[derive(Debug, Clone)]
pub struct Farewell {
    /// The account of the caller.
    pub account_id: AccountId,
    /// Its password, as sent.
    pub password: Password,
    /// The address of the client, for throttling.
    pub address: IpAddr,
}

/// Lets callers delete their own account. The password is checked before the transaction begins.
#[derive(Clone)]
pub struct DeleteOwn {
    /// Reads the account.
    pub accounts: Arc<dyn AccountQueries>,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Limits guesses, so that a stolen token is not enough.
    pub throttle: Throttle,
}

impl DeleteOwn {
    /// Deletes an account with its customer, whose personal data is erased.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the password is wrong; [`Error::TooMany`] after too many wrong ones; a conflict if it is the
    /// last active administrator; [`Error::Busy`] if too many callers wait for the hasher.
    pub async fn run(&self, runner: &Runner, farewell: &Farewell) -> Result<(), Error> {
        let found = self.accounts.with_customer(farewell.account_id).await?;
        let account = found.ok_or(Error::NotFound("account"))?.account;
        let admitted = self.throttle.admit(None, Some(&account), Network::of(farewell.address)).await?;
        let done = self.check_and_delete(runner, farewell, account).await;
        if !matches!(done, Err(Error::Invalid(_))) {
            self.throttle.forgive(admitted.keys).await;
        }
        done
    }

    async fn check_and_delete(&self, runner: &Runner, farewell: &Farewell, account: Account) -> Result<(), Error> {
        if !self.hasher.verify(&farewell.password, Some(&account.password_hash)).await? {
            return Err(wrong_password());
        }
        runner.run(Delete { id: account.id, checked: account.password_hash }).await
    }
}

fn wrong_password() -> Error {
    Error::field("password", Invalid::new(Code::NotAllowed, "is not the password of this account"))
}

struct Delete {
    id: AccountId,
    checked: PasswordHash,
}

#[async_trait]
impl Command for Delete {
    type Output = ();
    const NAME: &'static str = "accounts.delete_own";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        // The account may have changed while the password was checked.
        let unchanged = |account: &Account| account.active && account.password_hash == self.checked;
        let account = tx.accounts().lock(self.id).await?.filter(unchanged).ok_or_else(wrong_password)?;
        match account.customer_id {
            Some(id) => DeleteCustomer { id, expected: None }.run(tx, ctx).await.map(drop),
            None => DeleteAccount { id: self.id, expected: None }.run(tx, ctx).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, account, id, run};
    use domain::roles::Role;

    #[tokio::test]
    async fn nothing_is_deleted_when_the_password_changed_while_it_was_checked_r275() {
        let mut tx = Mocks::default();
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        let delete = Delete { id: AccountId(id(4)), checked: PasswordHash::new("other".into()) };
        assert!(matches!(run(&delete, &mut tx).await.unwrap_err(), Error::Invalid(_)));
    }

    #[tokio::test]
    async fn an_administrator_without_a_customer_goes_unless_it_is_the_last_r275_r23() {
        for (others, deleted) in [(vec![AccountId(id(3))], true), (vec![], false)] {
            let mut tx = Mocks::default();
            let admin = || Account { role: Role::Admin, customer_id: None, ..account(4) };
            tx.accounts.expect_lock().times(2).returning(move |_| Ok(Some(admin())));
            tx.accounts
                .expect_lock_active_admins()
                .once()
                .return_once(move || Ok(others.into_iter().chain([AccountId(id(4))]).collect()));
            tx.accounts.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let delete = Delete { id: AccountId(id(4)), checked: account(4).password_hash };
            assert_eq!(run(&delete, &mut tx).await.is_ok(), deleted);
        }
    }
}
