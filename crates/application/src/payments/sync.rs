use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::payments::{NextAction, Payment, PaymentId, PaymentKey, ProviderAnswer, Settled};
use tokio::time::Instant;

use super::settle::{SettlePayment, SettledPayment};
use super::{Payments, Performed};
use crate::Error;

/// How often a customer's page may ask about one payment.
const INTERVAL: Duration = Duration::from_secs(2);

/// How often a provider is asked again because the payment has changed meanwhile.
const TRIES: usize = 3;

/// The last answers of providers, for the requests of customers. They are kept in memory only, because the next action
/// of a customer may hold a secret.
#[derive(Default)]
pub(super) struct RecentSyncs(Mutex<HashMap<PaymentId, Slot>>);

/// The last answer about a payment. It is locked while the provider is asked.
type Slot = Arc<tokio::sync::Mutex<Option<Answer>>>;

/// What a provider has said, and when it was asked.
struct Answer {
    asked_at: Instant,
    performed: Performed,
}

impl RecentSyncs {
    /// The place of the last answer about a payment. Answers that are old and that nobody looks at are forgotten.
    fn slot(&self, id: PaymentId) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent =
            |slot: &Slot| slot.try_lock().is_ok_and(|answer| answer.as_ref().is_some_and(Answer::is_recent));
        slots.retain(|_, slot| Arc::strong_count(slot) > 1 || is_recent(slot));
        slots.entry(id).or_default().clone()
    }
}

impl Answer {
    fn is_recent(&self) -> bool {
        self.asked_at.elapsed() < INTERVAL
    }

    /// The newer of this answer and `read`. It keeps the next action of the customer while the payment is open.
    fn about(&self, read: &Payment) -> Performed {
        let Performed { payment, next_action, is_finished } = self.performed.clone();
        let payment = if read.version > payment.version { read.clone() } else { payment };
        let next_action = if payment.is_open() { next_action } else { NextAction::None };
        Performed { payment, next_action, is_finished }
    }
}

impl Payments {
    /// Asks the provider of a payment what it says now, and takes it over. Without an answer the payment stays as it is.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn sync(&self, payment: &Payment) -> Result<Performed, Error> {
        let mut payment = payment.clone();
        let mut next_action = NextAction::None;
        for _ in 0..TRIES {
            let (Some(reference), Some(provider)) = (&payment.reference, self.providers().get(&payment.provider))
            else {
                break;
            };
            let ProviderAnswer::Done(said) = provider.fetch(reference).await else {
                return Ok(Performed { payment, next_action, is_finished: false });
            };
            next_action = said.next_action.clone();
            let settle = SettlePayment { key: PaymentKey::Payment(payment.id), said, asked_at: Some(payment.version) };
            let settled: SettledPayment = self.runner().run(settle).await?;
            payment = settled.payment;
            if settled.settled != Settled::Stale {
                break;
            }
        }
        Ok(Performed { payment, next_action, is_finished: true })
    }

    /// [`Payments::sync`] for the page that a customer returns to: at most once in two seconds for each payment, else what is
    /// known. It does not wait for somebody else who asks.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn sync_for_customer(&self, payment: &Payment) -> Result<Performed, Error> {
        let slot = self.recent().slot(payment.id);
        let Ok(mut answer) = slot.try_lock() else { return Ok(as_read(payment)) };
        self.ask_at_times(payment, &mut answer).await
    }

    /// The same for a customer who pays with an open payment. It waits for somebody else who asks, because it needs to know
    /// what the customer has to do.
    pub(super) async fn sync_for_payer(&self, payment: &Payment) -> Result<Performed, Error> {
        let slot = self.recent().slot(payment.id);
        let mut answer = slot.lock().await;
        self.ask_at_times(payment, &mut answer).await
    }

    async fn ask_at_times(&self, payment: &Payment, answer: &mut Option<Answer>) -> Result<Performed, Error> {
        if let Some(answer) = answer.as_ref().filter(|answer| answer.is_recent()) {
            return Ok(answer.about(payment));
        }
        // Before the provider is asked: a customer who goes away meanwhile has asked, too.
        let answer = answer.insert(Answer { asked_at: Instant::now(), performed: as_read(payment) });
        answer.performed = self.sync(payment).await?;
        Ok(answer.performed.clone())
    }
}

/// A payment as somebody has read it, of which the provider has said nothing.
fn as_read(payment: &Payment) -> Performed {
    Performed { payment: payment.clone(), next_action: NextAction::None, is_finished: false }
}

#[cfg(test)]
mod tests {
    use domain::payments::{MockPaymentQueries, PaymentStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::Prepared;

    #[tokio::test(start_paused = true)]
    async fn a_page_that_asks_all_the_time_reaches_the_provider_once_in_two_seconds_r84() {
        let same = || locking(payments(vec![payment(PaymentStatus::Processing)]));
        let (runner, _) = Prepared::runner([same(), same()]);
        let mut provider = provider();
        provider.expect_fetch().times(2).returning(|_| ProviderAnswer::Done(says(PaymentStatus::Processing)));
        let payments = service(runner, provider, MockPaymentQueries::new());
        let open = payment(PaymentStatus::Processing);
        for wait in [0, 1, 1] {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            payments.sync_for_customer(&open).await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn repeated_pay_requests_share_one_call_to_the_provider_r82_r84() {
        let same = || locking(payments(vec![payment(PaymentStatus::RequiresAction)]));
        let (runner, _) = Prepared::runner([same(), same()]);
        let mut provider = provider();
        let page = || NextAction::Test { path: "/act".to_owned() };
        provider.expect_fetch().times(2).returning(move |_| {
            let said = says(PaymentStatus::RequiresAction);
            ProviderAnswer::Done(domain::payments::Snapshot { next_action: page(), ..said })
        });
        let payments = service(runner, provider, MockPaymentQueries::new());
        let open = payment(PaymentStatus::RequiresAction);
        for wait in [0, 1, 1] {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            let (one, other) = tokio::join!(payments.sync_for_payer(&open), payments.sync_for_payer(&open));
            for performed in [one.unwrap(), other.unwrap()] {
                assert_eq!((performed.next_action, performed.is_finished), (page(), true));
            }
            // Who has read that it is paid has nothing to do, whatever was said before.
            let paid = Payment { version: open.version.next(), ..payment(PaymentStatus::Captured) };
            let paid = payments.sync_for_customer(&paid).await.unwrap();
            assert_eq!((paid.payment.status, paid.next_action), (PaymentStatus::Captured, NextAction::None));
        }
    }

    #[tokio::test]
    async fn without_an_answer_the_payment_stays_as_it_is_r84() {
        let (runner, log) = Prepared::runner([]);
        let mut provider = provider();
        let error = domain::payments::ProviderError::new("timeout", "No answer.");
        let unknown = ProviderAnswer::Unknown { retry_after: None, is_kept: false, error };
        provider.expect_fetch().once().return_once(move |_| unknown);
        let open = payment(PaymentStatus::Processing);
        let synced = service(runner, provider, MockPaymentQueries::new()).sync(&open).await.unwrap();
        assert_eq!((synced.payment, synced.is_finished), (open, false));
        assert!(log.lock().unwrap().is_empty());
    }
}
