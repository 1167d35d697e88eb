use async_trait::async_trait;
use domain::Version;
use domain::accounts::{AccountId, Network, ThrottleKey};
use domain::customers::{Customer, CustomerChange, CustomerId, EmailAddress};
use domain::mail::{MAIL_THROTTLE, MailTemplate, Topic};

use super::{queue, throttled};
use crate::customers::UpdateCustomer;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// A customer wants a mail with which it proves that its address is its own.
#[derive(Debug, Clone)]
pub struct AskForVerification {
    /// The customer.
    pub customer: Customer,
    /// Its account.
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

/// A customer changes itself in a shop that sends mail: another address becomes its own when it is proved.
#[derive(Debug, Clone)]
pub struct ChangeOwnEmail {
    /// The customer.
    pub id: CustomerId,
    /// Its account.
    pub account_id: AccountId,
    /// The fields to change.
    pub change: CustomerChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
    /// Where the request came from.
    pub from: Network,
}

#[async_trait]
impl Command for ChangeOwnEmail {
    type Output = Customer;
    const NAME: &'static str = "customers.change_own";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Customer, Error> {
        let before = tx.customers().lock(self.id).await?.ok_or(Error::NotFound("customer"))?;
        expect_version(self.expected, before.version)?;
        if let Some(email) = self.change.email.as_ref().filter(|email| **email != before.email) {
            throttle(tx, ctx, email, self.from).await?;
            ask_to_verify(tx, ctx, self.id, self.account_id, email).await?;
        }
        let change = CustomerChange { email: None, ..self.change.clone() };
        UpdateCustomer { id: self.id, change, expected: self.expected }.run(tx, ctx).await
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
    use domain::mail::{MailSwitches, Message};

    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, ctx, customer, id, person};

    #[tokio::test]
    async fn another_address_is_asked_and_the_one_of_before_stays_r155() {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().returning(|_| Ok(Some(person())));
        let count = Some(FailureCount { failures: 1, since: NOW });
        tx.login_failures.expect_record().once().returning(move |_, _, _| Ok(vec![count, count]));
        let asked = |queued: &[Message]| queued[0].topic.recipient == EmailAddress::parse("bea@example.com").ok();
        tx.mail.expect_queue().once().withf(asked).returning(|_| Ok(()));
        let change = CustomerChange { email: EmailAddress::parse("bea@example.com").ok(), ..CustomerChange::default() };
        let from = Network::of("192.0.2.1".parse().unwrap());
        let own = ChangeOwnEmail { id: customer(), account_id: AccountId(id(4)), change, expected: None, from };
        let ids = CountingIds::default();
        let after = own.run(&mut tx, &Ctx { mails: MailSwitches::of(&[], false), ..ctx(&ids) }).await.unwrap();
        assert_eq!(after, person());
    }
}
