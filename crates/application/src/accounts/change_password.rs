use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::{Account, AccountChange, AccountId, AccountQueries, Network, Password, PasswordHash};
use domain::{Code, Invalid};

use super::{PasswordHasher, Throttle};
use crate::mails::tell_of_new_password;
use crate::{Claim, Command, Ctx, Error, Response, Runner, Storable, Tx};

/// The input of a change of password.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// The account of the caller.
    pub account_id: AccountId,
    /// The current password, as sent.
    pub current: Password,
    /// The password that is wanted. It is hashed before the transaction.
    pub new: Password,
    /// The address of the client, for throttling.
    pub address: IpAddr,
}

/// Changes passwords. They are checked and hashed before the transaction begins.
#[derive(Clone)]
pub struct ChangePassword {
    /// Reads the account.
    pub accounts: Arc<dyn AccountQueries>,
    /// Checks and hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Limits guesses, so that the password cannot be guessed with a stolen token.
    pub throttle: Throttle,
    /// Runs the command.
    pub runner: Runner,
}

impl ChangePassword {
    /// Sets a new password and ends all older tokens, those in mails among them, once for each claim.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the current password is wrong; [`Error::TooMany`] after too many wrong ones;
    /// [`Error::NotFound`] if there is no such account; [`Error::Busy`] if too many callers wait for the hasher.
    pub async fn run<R: Storable + 'static>(
        &self,
        claim: Option<Claim>,
        change: &NewPassword,
        present: impl Fn(&()) -> R + Send + Sync + 'static,
    ) -> Result<Response<R>, Error> {
        let found = self.accounts.with_customer(change.account_id).await?;
        let account = found.ok_or(Error::NotFound("account"))?.account;
        let from = Network::of(change.address);
        let admitted = self.throttle.admit(None, Some(&account), from).await?;
        let hashes = self.hashes(change, account.password_hash).await;
        let wrong = matches!(hashes, Ok(None));
        let done = match hashes {
            Ok(hashes) => self.runner.run_once(claim, ReplacePassword { id: account.id, hashes }, present).await,
            Err(error) => Err(error),
        };
        // A repeated request has the old password as its current one, which is not a guess.
        if !wrong || done.is_ok() {
            self.throttle.forgive(admitted.keys).await;
        }
        done
    }

    /// `None` if the current password is wrong. The command refuses it, not this function, so that a repeated request
    /// gets the stored response of its idempotency key.
    async fn hashes(&self, change: &NewPassword, checked: PasswordHash) -> Result<Option<Hashes>, Error> {
        if !self.hasher.verify(&change.current, Some(&checked)).await? {
            return Ok(None);
        }
        Ok(Some(Hashes { checked, new: self.hasher.hash(&change.new).await? }))
    }
}

fn wrong_password() -> Error {
    Error::field("current_password", Invalid::new(Code::NotAllowed, "is not the current password"))
}

#[derive(Debug, Clone)]
struct ReplacePassword {
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

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let Hashes { checked, new } = self.hashes.as_ref().ok_or_else(wrong_password)?;
        // The account may have changed while the password was checked.
        let unchanged = |account: &Account| account.active && account.password_hash == *checked;
        let account = tx.accounts().lock(self.id).await?.filter(unchanged).ok_or_else(wrong_password)?;
        let change = AccountChange { password_hash: Some(new.clone()), ..AccountChange::default() };
        tx.accounts().update(&account.changed(&change, ctx.now)).await?;
        tx.refresh_tokens().revoke_all(self.id).await?;
        tx.mails().end_links(&account, ctx.now).await?;
        tell_of_new_password(tx, ctx, &account).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::accounts::MockPasswordHasher;
    use crate::testing::{Mocks, NOW, Prepared, Still, account, id, run};
    use domain::StoreError;
    use domain::accounts::{AccountWithCustomer, FailureCount, MockAccountQueries, ThrottlePolicy};

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
        tx.mails.expect_end_links().once().returning(|_, _| Ok(()));
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

    /// A change with a wrong password, after this many failures.
    fn guess(
        failures: i64,
        hasher: MockPasswordHasher,
        tx: impl IntoIterator<Item = Mocks>,
    ) -> (ChangePassword, NewPassword) {
        let mut accounts = MockAccountQueries::new();
        let found = AccountWithCustomer { account: account(4), customer: None };
        accounts.expect_with_customer().once().return_once(|_| Ok(Some(found)));
        accounts.expect_knows().returning(|_, _| Ok(true));
        let count = FailureCount { failures, since: NOW };
        accounts.expect_login_failures().returning(move |keys| Ok(vec![Some(count); keys.len()]));
        let (accounts, runner) = (Arc::new(accounts), Prepared::runner(tx).0);
        let policy = ThrottlePolicy { per_account: 10, per_address: 100, window: Duration::from_mins(15) };
        let (clock, gates) = (Arc::new(Still), Arc::default());
        let throttle = Throttle { accounts: accounts.clone(), runner: runner.clone(), clock, policy, gates };
        let (current, new) = (Password::claimed("wrong".into()), Password::parse("a-long-password").unwrap());
        let change = NewPassword { account_id: AccountId(id(4)), current, new, address: "192.0.2.1".parse().unwrap() };
        (ChangePassword { accounts, hasher: Arc::new(hasher), throttle, runner }, change)
    }

    #[tokio::test]
    async fn nothing_is_hashed_when_the_current_password_is_wrong_and_the_guess_is_counted_r1_r5() {
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_verify().once().returning(|_, _| Ok(false));
        let mut counted = Mocks::default();
        counted.login_failures.expect_record().once().returning(|keys, _, _| Ok(vec![None; keys.len()]));
        let (change, guess) = guess(9, hasher, [counted]);
        assert!(matches!(change.run(None, &guess, |()| "").await.unwrap_err(), Error::Invalid(_)));
    }

    #[tokio::test]
    async fn a_change_that_is_done_is_answered_although_its_count_is_not_taken_back_r1_r5() {
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_verify().once().returning(|_, _| Ok(true));
        hasher.expect_hash().once().returning(|_| Ok(PasswordHash::new("new".into())));
        let (mut counted, mut changed, mut away) = (Mocks::default(), Mocks::default(), Mocks::default());
        counted.login_failures.expect_record().once().returning(|keys, _, _| Ok(vec![None; keys.len()]));
        changed.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        changed.accounts.expect_update().once().returning(|_| Ok(()));
        changed.refresh_tokens.expect_revoke_all().once().returning(|_| Ok(()));
        changed.mails.expect_end_links().once().returning(|_, _| Ok(()));
        away.login_failures.expect_forgive().returning(|_| Err(StoreError::Internal("away".into())));
        let (change, right) = guess(0, hasher, vec![counted, changed, away]);
        change.run(None, &right, |()| "").await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_checked_after_too_many_guesses_r1_r5() {
        let (change, guess) = guess(10, MockPasswordHasher::new(), []);
        assert!(matches!(change.run(None, &guess, |()| "").await.unwrap_err(), Error::TooMany { .. }));
    }
}
