use std::time::Duration;

use domain::payments::{Outcome, Overdue, PaymentId, PaymentStatus};

use super::Payments;
use super::accept::AcceptNotice;
use super::expire::{ExpireOrder, Expired};
use crate::Error;

/// The most orders or payments read at once.
const BATCH: u64 = 50;

/// A payment that is open for so long is asked for.
const OPEN_FOR: Duration = Duration::from_mins(10);

/// How far back a provider is asked for notices that it could not deliver.
const MISSED_SINCE: Duration = Duration::from_hours(3 * 24);

impl Payments {
    /// Cancels the orders that were not paid in time. Returns how many.
    ///
    /// # Errors
    /// A failure of the database to list them. One that fails does not keep the others from being done.
    pub async fn expire_orders(&self) -> Result<u64, Error> {
        let (mut cancelled, mut after) = (0, None::<Overdue>);
        loop {
            let overdue = self.queries().overdue_orders(self.now(), after, BATCH).await?;
            for one in &overdue {
                match self.expire(*one).await {
                    Ok(true) => {
                        cancelled += 1;
                        self.has_expired_one();
                    }
                    Ok(false) => {}
                    Err(error) => tracing::warn!(order = %one.order_id, %error, "an unpaid order is tried again"),
                }
            }
            after = overdue.last().copied();
            if after.is_none() || u64::try_from(overdue.len()).is_ok_and(|found| found < BATCH) {
                return Ok(cancelled);
            }
        }
    }

    /// Cancels an order, once the provider has said that its open payment is void. Returns whether it is cancelled.
    async fn expire(&self, Overdue { order_id, .. }: Overdue) -> Result<bool, Error> {
        let expire = ExpireOrder { id: order_id };
        let expired = match self.runner().run(expire.clone()).await? {
            Expired::GivesUp(due) => match self.perform_due(due).await? {
                Some(_) => self.runner().run(expire).await?,
                None => Expired::Waits,
            },
            expired => expired,
        };
        Ok(expired == Expired::Cancelled)
    }

    /// Asks the providers for payments that have been open for long and that a customer may have paid meanwhile. Returns how
    /// many there were.
    ///
    /// # Errors
    /// A failure of the database to list them. One that fails does not keep the others from being done.
    pub async fn ask_for_undecided(&self) -> Result<u64, Error> {
        self.ask_for_open(PaymentStatus::is_undecided).await
    }

    /// Asks the providers for payments whose money has been held for long, and for notices that they could not deliver.
    /// Returns how many there were.
    ///
    /// # Errors
    /// A failure of the database to list them. One that fails does not keep the others from being done.
    pub async fn reconcile(&self) -> Result<u64, Error> {
        Ok(self.ask_for_open(|status| !status.is_undecided()).await? + self.ask_for_missed().await)
    }

    async fn ask_for_open(&self, is_meant: impl Fn(PaymentStatus) -> bool + Send) -> Result<u64, Error> {
        let (mut asked, mut after) = (0, None::<PaymentId>);
        loop {
            let open = self.queries().open_payments(self.now() - OPEN_FOR, after, BATCH).await?;
            for payment in open.iter().filter(|one| one.kind.is_online() && is_meant(one.status)) {
                match self.sync(payment).await {
                    Ok(_) => asked += 1,
                    Err(error) => tracing::warn!(payment = %payment.id, %error, "a payment is asked for again"),
                }
            }
            after = open.last().map(|payment| payment.id);
            if after.is_none() || u64::try_from(open.len()).is_ok_and(|found| found < BATCH) {
                return Ok(asked);
            }
        }
    }

    async fn ask_for_missed(&self) -> u64 {
        let mut found = Vec::new();
        for provider in self.providers().all() {
            let Outcome::Done(missed) = provider.missed(self.now() - MISSED_SINCE).await else { continue };
            for notice in missed {
                match self.runner().run(AcceptNotice { provider: provider.name(), notice, is_delivered: false }).await {
                    Ok(notice) => found.extend(notice),
                    Err(error) => {
                        tracing::warn!(provider = %provider.name(), %error, "a missed notice is lost for now");
                    }
                }
            }
        }
        let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
        self.process_all(found).await;
        count
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::{EventId, MockPaymentQueries, Notice, NoticeKind, Payment, PaymentKind};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, NOW, Prepared};

    /// Payments that are open for long: one that a customer may pay, one whose money is held, one that people move.
    fn open() -> MockPaymentQueries {
        let online = payment(PaymentStatus::Processing);
        let held = payment(PaymentStatus::Authorised);
        let by_hand = Payment { kind: PaymentKind::BankTransfer, ..online.clone() };
        let mut queries = MockPaymentQueries::new();
        queries
            .expect_open_payments()
            .once()
            .withf(|before, after, _| *before == NOW - OPEN_FOR && after.is_none())
            .return_once(move |_, _, _| Ok(vec![online, held, by_hand]));
        queries
    }

    #[tokio::test]
    async fn payments_that_a_customer_may_have_paid_are_asked_for_r98() {
        let settled = saving(payments(vec![payment(PaymentStatus::Processing)]), |changes| changes.balance.is_some());
        let (runner, _) = Prepared::runner(vec![settled]);
        let mut provider = provider();
        provider.expect_fetch().once().returning(|_| Outcome::Done(says(PaymentStatus::Captured)));
        assert_eq!(service(runner, provider, open()).ask_for_undecided().await.unwrap(), 1);
    }

    #[tokio::test]
    async fn held_money_is_asked_for_and_missed_notices_are_taken_in_r98() {
        let held = locking(payments(vec![payment(PaymentStatus::Authorised)]));
        let mut missed = Mocks::default();
        missed.payments.expect_add_notice().once().returning(|_| Ok(true));
        let mut known = Mocks::default();
        known.payments.expect_add_notice().once().returning(|_| Ok(false));
        let mut provider = provider();
        provider.expect_fetch().once().returning(|_| Outcome::Done(says(PaymentStatus::Authorised)));
        let notice = |text: &str| {
            let (event_id, kind) = (EventId::parse(text).unwrap(), NoticeKind::parse("changed").unwrap());
            Notice { event_id, kind, reference: None }
        };
        let undelivered = vec![notice("evt_1"), notice("evt_2")];
        provider.expect_missed().once().return_once(move |_| Outcome::Done(undelivered));
        // It is about no payment, which is found out at once.
        let mut processed = Mocks::default();
        processed.payments.expect_lock_notice().once().returning(|_, _| Ok(None));
        let (runner, _) = Prepared::runner(vec![held, missed, known, processed]);
        assert_eq!(service(runner, provider, open()).reconcile().await.unwrap(), 2);
    }

    #[tokio::test]
    async fn one_order_that_cannot_be_expired_does_not_keep_the_others_r91() {
        let order = |n| Overdue { pay_by: NOW, order_id: domain::orders::OrderId(crate::testing::id(n)) };
        let mut queries = MockPaymentQueries::new();
        queries.expect_overdue_orders().once().return_once(move |_, _, _| Ok(vec![order(1), order(2)]));
        let gone = || {
            let mut tx = Mocks::default();
            tx.orders.expect_lock().once().returning(|_, _| Ok(None));
            tx
        };
        let (runner, log) = Prepared::runner([gone(), gone()]);
        assert_eq!(service(runner, provider(), queries).expire_orders().await.unwrap(), 0);
        assert_eq!(log.lock().unwrap().len(), 4, "both were tried");
    }
}
