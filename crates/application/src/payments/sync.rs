use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::payments::{NextAction, Outcome, Payment, PaymentId, PaymentKey, Settled};
use tokio::time::Instant;

use super::settle::{SettlePayment, SettledPayment};
use super::{Payments, Performed};
use crate::Error;

/// How often a customer's page may ask about one payment.
const INTERVAL: Duration = Duration::from_secs(2);

/// How often a provider is asked again because the payment has changed meanwhile.
const TRIES: usize = 3;

/// When this server has last asked about payments, for the pages of customers.
#[derive(Default)]
pub(super) struct RecentSyncs(Mutex<HashMap<PaymentId, Instant>>);

impl RecentSyncs {
    /// Whether nobody has asked for a while. Somebody does now, then.
    fn allow(&self, id: PaymentId) -> bool {
        let now = Instant::now();
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|_, asked| now.duration_since(*asked) < INTERVAL);
        let is_new = !recent.contains_key(&id);
        if is_new {
            recent.insert(id, now);
        }
        is_new
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
            let Outcome::Done(said) = provider.fetch(reference).await else {
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

    /// [`Payments::sync`] for the page that a customer returns to: at most once in two seconds for each payment, else the
    /// payment as it is stored.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn sync_for_customer(&self, payment: &Payment) -> Result<Performed, Error> {
        if self.recent().allow(payment.id) {
            return self.sync(payment).await;
        }
        Ok(Performed { payment: payment.clone(), next_action: NextAction::None, is_finished: false })
    }
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
        provider.expect_fetch().times(2).returning(|_| Outcome::Done(says(PaymentStatus::Processing)));
        let payments = service(runner, provider, MockPaymentQueries::new());
        let open = payment(PaymentStatus::Processing);
        for wait in [0, 1, 1] {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            payments.sync_for_customer(&open).await.unwrap();
        }
    }

    #[tokio::test]
    async fn without_an_answer_the_payment_stays_as_it_is_r84() {
        let (runner, log) = Prepared::runner([]);
        let mut provider = provider();
        let error = domain::payments::ProviderError::new("timeout", "No answer.");
        let unknown = Outcome::Unknown { retry_after: None, is_kept: false, error };
        provider.expect_fetch().once().return_once(move |_| unknown);
        let open = payment(PaymentStatus::Processing);
        let synced = service(runner, provider, MockPaymentQueries::new()).sync(&open).await.unwrap();
        assert_eq!((synced.payment, synced.is_finished), (open, false));
        assert!(log.lock().unwrap().is_empty());
    }
}
