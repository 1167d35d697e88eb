use std::time::Duration;

use domain::payments::{Overdue, PaymentId, PaymentStatus, ProviderAnswer};

use super::Payments;
use super::accept::AcceptNotice;
use super::expire::{ExpireOrder, Expired};
use crate::{Error, TaskStep};

/// The most orders or payments of a step. For each of them a provider may be asked.
const BATCH: u64 = 20;

/// A payment that is open for so long is asked for.
const OPEN_FOR: Duration = Duration::from_mins(10);

/// How far back a provider is asked for notices that did not reach the shop.
const MISSED_SINCE: Duration = Duration::from_hours(3 * 24);

impl Payments {
    /// Cancels the next orders that were not paid in time.
    ///
    /// # Errors
    /// A failure of the database to list them. One that fails does not keep the others from being done.
    pub async fn expire_orders(&self, after: Option<Overdue>) -> Result<TaskStep<Overdue>, Error> {
        let overdue = self.queries().overdue_orders(self.now(), after, BATCH).await?;
        let mut done = 0;
        for one in &overdue {
            match self.expire(*one).await {
                Ok(true) => {
                    done += 1;
                    self.has_expired_one();
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(order = %one.order_id, %error, "an unpaid order is tried again"),
            }
        }
        Ok(TaskStep::of_batch(done, overdue.len(), BATCH, overdue.last().copied()))
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

    /// Asks the providers for the next payments that have been open for long and that a customer may have paid meanwhile.
    ///
    /// # Errors
    /// A failure of the database to list them. One that fails does not keep the others from being done.
    pub async fn ask_for_undecided(&self, after: Option<PaymentId>) -> Result<TaskStep<PaymentId>, Error> {
        self.ask_for_open(after, PaymentStatus::is_undecided).await
    }

    /// Asks the providers for the next payments whose money has been held for long, and at last for notices that did
    /// not reach the shop.
    ///
    /// # Errors
    /// A failure of the database to list them. One that fails does not keep the others from being done.
    pub async fn reconcile(&self, after: Option<PaymentId>) -> Result<TaskStep<PaymentId>, Error> {
        let TaskStep { done, next } = self.ask_for_open(after, |status| !status.is_undecided()).await?;
        let missed = if next.is_none() { self.ask_for_missed().await } else { 0 };
        Ok(TaskStep { done: done + missed, next })
    }

    async fn ask_for_open(
        &self,
        after: Option<PaymentId>,
        is_meant: impl Fn(PaymentStatus) -> bool + Send,
    ) -> Result<TaskStep<PaymentId>, Error> {
        let open = self.queries().open_payments(self.now() - OPEN_FOR, after, BATCH).await?;
        let mut done = 0;
        for payment in open.iter().filter(|one| one.kind.is_online() && is_meant(one.status)) {
            match self.sync(payment).await {
                Ok(_) => done += 1,
                Err(error) => tracing::warn!(payment = %payment.id, %error, "a payment is asked for again"),
            }
        }
        Ok(TaskStep::of_batch(done, open.len(), BATCH, open.last().map(|payment| payment.id)))
    }

    async fn ask_for_missed(&self) -> u64 {
        let mut found = Vec::new();
        for provider in self.providers().all() {
            let ProviderAnswer::Done(missed) = provider.missed(self.now() - MISSED_SINCE).await else { continue };
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
        provider.expect_fetch().once().returning(|_| ProviderAnswer::Done(says(PaymentStatus::Captured)));
        assert_eq!(service(runner, provider, open()).ask_for_undecided(None).await.unwrap().done, 1);
    }

    #[tokio::test]
    async fn held_money_is_asked_for_and_missed_notices_are_taken_in_r98() {
        let held = locking(payments(vec![payment(PaymentStatus::Authorised)]));
        let mut missed = Mocks::default();
        missed.payments.expect_add_notice().once().returning(|_| Ok(true));
        let mut known = Mocks::default();
        known.payments.expect_add_notice().once().returning(|_| Ok(false));
        let mut provider = provider();
        provider.expect_fetch().once().returning(|_| ProviderAnswer::Done(says(PaymentStatus::Authorised)));
        let notice = |text: &str| {
            let (event_id, kind) = (EventId::parse(text).unwrap(), NoticeKind::parse("changed").unwrap());
            Notice { event_id, kind, reference: None }
        };
        let undelivered = vec![notice("evt_1"), notice("evt_2")];
        provider.expect_missed().once().return_once(move |_| ProviderAnswer::Done(undelivered));
        // It is about no payment, which is found out at once.
        let mut processed = Mocks::default();
        processed.payments.expect_lock_notice().once().returning(|_, _| Ok(None));
        let (runner, _) = Prepared::runner(vec![held, missed, known, processed]);
        assert_eq!(service(runner, provider, open()).reconcile(None).await.unwrap().done, 2);
    }

    #[tokio::test]
    async fn one_order_that_cannot_be_expired_does_not_keep_the_others_r91() {
        let order = |n| Overdue { pay_by: NOW, order_id: domain::orders::OrderId(crate::testing::id(n)) };
        let mut queries = MockPaymentQueries::new();
        let overdue = (1..=u128::from(BATCH)).map(order).collect::<Vec<_>>();
        queries.expect_overdue_orders().once().return_once(move |_, _, _| Ok(overdue));
        let gone = || {
            let mut tx = Mocks::default();
            tx.orders.expect_lock().once().returning(|_, _| Ok(None));
            tx
        };
        let (runner, log) = Prepared::runner((0..BATCH).map(|_| gone()));
        let step = service(runner, provider(), queries).expire_orders(None).await.unwrap();
        assert_eq!(step, TaskStep { done: 0, next: Some(order(u128::from(BATCH))) });
        assert_eq!(log.lock().unwrap().len(), 40, "all were tried");
    }
}
