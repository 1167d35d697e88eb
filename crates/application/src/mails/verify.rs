use async_trait::async_trait;
use domain::MailTemplate;
use domain::accounts::TokenHash;
use domain::customers::{CustomerChange, CustomerId};
use domain::mails::{Purpose, Topic};

use super::queue;
use crate::{Command, Ctx, Error, Tx};

/// Proves with a token from a mail that an address is the customer's. If it is another one than before, it is the customer's
/// from now on, and the previous one is informed.
#[derive(Debug, Clone, Copy)]
pub struct VerifyEmail(pub TokenHash);

#[async_trait]
impl Command for VerifyEmail {
    /// Whose address it is.
    type Output = CustomerId;
    const NAME: &'static str = "customers.verify_email";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<CustomerId, Error> {
        let token = tx.mails().use_token(&self.0, Purpose::Verify, ctx.now).await?.ok_or(Error::TokenInvalid)?;
        let found = tx.accounts().lock(token.account_id).await?.filter(|account| account.active);
        let account = found.ok_or(Error::TokenInvalid)?;
        let (id, email) = account.customer_id.zip(token.email).ok_or(Error::TokenInvalid)?;
        let before = tx.customers().lock(id).await?.ok_or(Error::TokenInvalid)?;
        if before.email != email {
            // Before the customer has the other address: whoever reads the previous one must not set the password.
            tx.mails().end_links(&account, ctx.now).await?;
            let change = CustomerChange { email: Some(email.clone()), ..CustomerChange::default() };
            tx.customers().update(&before.changed(&change, ctx.now)).await?;
            let topic = Topic {
                template: MailTemplate::EmailChanged,
                occasion: None,
                subject_id: token.account_id.0,
                customer_id: Some(id),
                recipient: Some(before.email),
            };
            queue(tx, ctx, topic).await?;
        }
        tx.mails().verified(id, &email, ctx.now).await?;
        tx.mails().end_tokens(token.account_id, Purpose::Verify).await?;
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use domain::accounts::AccountId;
    use domain::customers::{Customer, EmailAddress};
    use domain::mails::{MailSwitches, Message, OneTimeToken};

    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, account, ctx, customer, id, person};

    async fn verify(email: &str, tx: &mut Mocks) -> Result<CustomerId, Error> {
        let email = EmailAddress::parse(email).ok();
        let token = OneTimeToken::new(TokenHash([7; 32]), Purpose::Verify, AccountId(id(4)), email, NOW);
        tx.mails.expect_use_token().once().return_once(|_, _, _| Ok(Some(token)));
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        tx.customers.expect_lock().once().returning(|_| Ok(Some(person())));
        tx.mails.expect_verified().once().returning(|_, _, _| Ok(()));
        tx.mails.expect_end_tokens().once().returning(|_, _| Ok(()));
        let ids = CountingIds::default();
        VerifyEmail(TokenHash([7; 32])).run(tx, &Ctx { mails: MailSwitches::of(&[], false), ..ctx(&ids) }).await
    }

    #[tokio::test]
    async fn the_address_of_before_is_verified_and_nothing_else_changes_r155() {
        assert_eq!(verify("ann@example.com", &mut Mocks::default()).await.unwrap(), customer());
    }

    #[tokio::test]
    async fn another_address_is_taken_over_and_the_one_of_before_hears_of_it_r155() {
        let mut tx = Mocks::default();
        let new = |after: &Customer| after.email.as_str() == "bea@example.com";
        tx.mails.expect_end_links().once().returning(|_, _| Ok(()));
        tx.customers.expect_update().once().withf(new).returning(|_| Ok(()));
        let announced = |queued: &[Message]| queued[0].topic.recipient == Some(person().email);
        tx.mails.expect_queue().once().withf(announced).returning(|_| Ok(()));
        verify("bea@example.com", &mut tx).await.unwrap();
    }
}
