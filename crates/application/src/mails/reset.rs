use async_trait::async_trait;
use domain::MailTemplate;
use domain::accounts::{Account, AccountChange, AccountId, PasswordHash, TokenHash};
use domain::mails::{Purpose, Topic};

use super::queue;
use crate::{Command, Ctx, Error, Tx};

/// What a client brings to set a new password. The password is hashed before the transaction.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// The SHA-256 of the token that stood in the mail.
    pub token: TokenHash,
    /// The bcrypt hash of the password that is wanted.
    pub password_hash: PasswordHash,
}

/// Sets a new password with a token from a mail. The token is used up, and all others of the account end, with all its
/// logins. Nobody is logged in by it.
#[derive(Debug, Clone)]
pub struct ResetPassword(pub NewSecret);

#[async_trait]
impl Command for ResetPassword {
    /// The account whose password was set.
    type Output = AccountId;
    const NAME: &'static str = "accounts.reset_password";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<AccountId, Error> {
        let token = tx.mails().use_token(&self.0.token, Purpose::Reset, ctx.now).await?.ok_or(Error::TokenInvalid)?;
        let found = tx.accounts().lock(token.account_id).await?.filter(|account| account.active);
        let before = found.ok_or(Error::TokenInvalid)?;
        let change = AccountChange { password_hash: Some(self.0.password_hash.clone()), ..AccountChange::default() };
        let account = before.changed(&change, ctx.now);
        tx.accounts().update(&account).await?;
        tx.refresh_tokens().revoke_all(account.id).await?;
        tx.login_failures().forget_account(&account).await?;
        tx.mails().end_links(&account, ctx.now).await?;
        tell_of_new_password(tx, ctx, &account).await?;
        Ok(account.id)
    }
}

/// Queues the mail to the customer whose account has a new password.
pub(crate) async fn tell_of_new_password(tx: &mut dyn Tx, ctx: &Ctx<'_>, account: &Account) -> Result<(), Error> {
    let Some(customer_id) = account.customer_id else { return Ok(()) };
    let topic = Topic {
        template: MailTemplate::PasswordChanged,
        occasion: None,
        subject_id: account.id.0,
        customer_id: Some(customer_id),
        recipient: None,
    };
    queue(tx, ctx, topic).await
}

#[cfg(test)]
mod tests {
    use domain::accounts::Account;
    use domain::mails::{MailSwitches, Message, OneTimeToken};

    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, account, ctx, id};

    async fn reset(tx: &mut Mocks) -> Result<AccountId, Error> {
        let new = NewSecret { token: TokenHash([7; 32]), password_hash: PasswordHash::new("new".into()) };
        let ids = CountingIds::default();
        ResetPassword(new).run(tx, &Ctx { mails: MailSwitches::of(&[], false), ..ctx(&ids) }).await
    }

    fn with_token(found: Option<Account>) -> Mocks {
        let mut tx = Mocks::default();
        let token = OneTimeToken::new(TokenHash([7; 32]), Purpose::Reset, AccountId(id(4)), None, NOW);
        tx.mails.expect_use_token().once().return_once(|_, _, _| Ok(Some(token)));
        tx.accounts.expect_lock().once().return_once(|_| Ok(found));
        tx
    }

    #[tokio::test]
    async fn a_reset_ends_every_login_lockout_and_token_and_is_announced_r154() {
        let mut tx = with_token(Some(account(4)));
        let stored = |a: &Account| a.token_epoch == 1 && a.password_hash.reveal() == "new";
        tx.accounts.expect_update().once().withf(stored).returning(|_| Ok(()));
        tx.refresh_tokens.expect_revoke_all().once().returning(|_| Ok(()));
        tx.login_failures.expect_forget_account().once().returning(|_| Ok(()));
        tx.mails.expect_end_links().once().returning(|_, _| Ok(()));
        let announced = |queued: &[Message]| queued[0].topic.template == MailTemplate::PasswordChanged;
        tx.mails.expect_queue().once().withf(announced).returning(|_| Ok(()));
        assert_eq!(reset(&mut tx).await.unwrap(), AccountId(id(4)));
    }

    #[tokio::test]
    async fn every_bad_token_is_refused_alike_and_nothing_is_written_r154() {
        let mut unknown = Mocks::default();
        unknown.mails.expect_use_token().once().returning(|_, _, _| Ok(None));
        let inactive = with_token(Some(Account { active: false, ..account(4) }));
        for mut tx in [unknown, with_token(None)].into_iter().chain([inactive]) {
            assert!(matches!(reset(&mut tx).await.unwrap_err(), Error::TokenInvalid));
        }
    }
}
