use async_trait::async_trait;
use domain::accounts::{AccountId, Network, ThrottleKey};
use domain::customers::{Customer, CustomerChange, CustomerId, EmailAddress};
use domain::mails::{MAIL_THROTTLE, Topic};
use domain::{MailTemplate, Version};

use super::{queue, throttled};
use crate::customers::UpdateCustomer;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// A customer wants a mail with which it proves that its address is its own.
#[derive(Debug, Clone)]
pub struct AskForVerification {
    /// The customer, whose address is to be proved.
    pub customer: Customer,
    /// The account that will be said to have proved it.
    pub account_id: AccountId,
    /// Where the request came from.
    pub from: Network,
}

#[async_trait]
impl Command for AskForVerification {
    type Output = ();
    const NAME: &'static str = "mail.ask_for_verification";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let Customer { id, email, .. } = &self.customer;
        throttle(tx, ctx, email, self.from).await?;
        ask_to_verify(tx, ctx, *id, self.account_id, email).await
    }
}

/// A customer changes itself. In a shop that sends mail another address becomes its own when it is proved.
#[derive(Debug, Clone)]
pub struct ChangeOwnDetails {
    /// The customer of the caller.
    pub id: CustomerId,
    /// The account of the caller.
    pub account_id: AccountId,
    /// The fields to change.
    pub change: CustomerChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
    /// Where the request came from.
    pub from: Network,
}

#[async_trait]
impl Command for ChangeOwnDetails {
    type Output = Customer;
    const NAME: &'static str = "customers.change_own";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Customer, Error> {
        let Self { id, account_id, change, expected, from } = self.clone();
        if !ctx.mails.is_on() {
            return UpdateCustomer { id, change, expected }.run(tx, ctx).await;
        }
        let before = tx.customers().lock(id).await?.ok_or(Error::NotFound("customer"))?;
        expect_version(expected, before.version)?;
        if let Some(email) = change.email.as_ref().filter(|email| **email != before.email) {
            throttle(tx, ctx, email, from).await?;
            ask_to_verify(tx, ctx, id, account_id, email).await?;
        }
        let change = CustomerChange { email: None, ..change };
        UpdateCustomer { id, change, expected }.run(tx, ctx).await
    }
}

async fn throttle(tx: &mut dyn Tx, ctx: &Ctx<'_>, email: &EmailAddress, from: Network) -> Result<(), Error> {
    let keys = [ThrottleKey::Mail(MailTemplate::EmailVerify, email.clone()), ThrottleKey::MailsFrom(from)];
    throttled::count(tx, ctx, &MAIL_THROTTLE, &keys).await
}

/// Queues the mail that asks a customer to prove that an address is its own.
pub(crate) async fn ask_to_verify(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    customer_id: CustomerId,
    account_id: AccountId,
    email: &EmailAddress,
) -> Result<(), Error> {
    let topic = Topic {
        template: MailTemplate::EmailVerify,
        occasion: None,
        subject_id: account_id.0,
        customer_id: Some(customer_id),
        recipient: Some(email.clone()),
    };
    queue(tx, ctx, topic).await
}

#[cfg(test)]
mod tests {
    use domain::accounts::FailureCount;
    use domain::mails::{MailSwitches, Message};

    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, ctx, customer, id, person, run};

    fn moved() -> ChangeOwnDetails {
        let change = CustomerChange { email: EmailAddress::parse("bea@example.com").ok(), ..CustomerChange::default() };
        let from = Network::of("192.0.2.1".parse().unwrap());
        ChangeOwnDetails { id: customer(), account_id: AccountId(id(4)), change, expected: None, from }
    }

    #[tokio::test]
    async fn another_address_is_asked_and_the_one_of_before_stays_r155() {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().returning(|_| Ok(Some(person())));
        let count = Some(FailureCount { failures: 1, since: NOW });
        tx.login_failures.expect_record().once().returning(move |_, _, _| Ok(vec![count, count]));
        let asked = |queued: &[Message]| queued[0].topic.recipient == EmailAddress::parse("bea@example.com").ok();
        tx.mails.expect_queue().once().withf(asked).returning(|_| Ok(()));
        let ids = CountingIds::default();
        let after = moved().run(&mut tx, &Ctx { mails: MailSwitches::of(&[], false), ..ctx(&ids) }).await.unwrap();
        assert_eq!(after, person());
    }

    #[tokio::test]
    async fn without_mail_another_address_is_the_customers_at_once_r150() {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().once().returning(|_| Ok(Some(person())));
        tx.accounts.expect_lock_of_customer().once().returning(|_| Ok(None));
        tx.customers.expect_update().once().returning(|_| Ok(()));
        let after = run(&moved(), &mut tx).await.unwrap();
        assert_eq!(after.email.as_str(), "bea@example.com");
    }
}
