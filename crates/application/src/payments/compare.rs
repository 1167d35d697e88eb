use std::time::Duration;

use domain::orders::OrderScope;
use domain::payments::{Difference, Payment, PaymentId, ProviderAnswer, ProviderError};

use super::Payments;
use crate::Error;

/// How many payments are asked for at once.
const AT_ONCE: usize = 8;

/// After which time a payment that differs is looked at again: a notice may be on its way.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// How often a payment is looked at that changes all the time.
const TRIES: usize = 5;

/// How a payment compares with what its provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// Its provider says the same, or keeps no books of its own.
    Same,
    /// Its provider says otherwise, and did so twice.
    Differs(Vec<Difference>),
    /// Its provider could not be asked.
    NotAsked(ProviderError),
}

impl Payments {
    /// Asks the providers for up to `limit` payments that they have, after the payment `after` in order of id, and
    /// compares. Nothing is changed. Fewer than `limit` are the last ones.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn compare(&self, after: Option<PaymentId>, limit: u64) -> Result<Vec<(Payment, Comparison)>, Error> {
        let mut compared = Vec::new();
        for some in self.queries().begun_payments(after, limit).await?.chunks(AT_ONCE) {
            let asked = some.iter().cloned().map(|payment| {
                let payments = self.clone();
                tokio::spawn(async move {
                    let comparison = payments.compare_one(&payment).await?;
                    Ok::<_, Error>((payment, comparison))
                })
            });
            // All of them are started before the first is waited for.
            let asked: Vec<_> = asked.collect();
            for one in asked {
                compared.push(one.await.map_err(|panicked| Error::Internal(panicked.into()))??);
            }
        }
        Ok(compared)
    }

    /// A difference counts if it is still there at a second look, and the payment has not changed between.
    async fn compare_one(&self, payment: &Payment) -> Result<Comparison, Error> {
        if !payment.kind.is_online() {
            return Ok(Comparison::Same);
        }
        let mut seen = None;
        for _ in 0..TRIES {
            let read = self.queries().get(payment.id, OrderScope::All).await?;
            let payment = read.ok_or(Error::NotFound("payment"))?;
            let found = match self.ask_about(&payment).await? {
                Comparison::Differs(found) => found,
                other => return Ok(other),
            };
            let look = (payment.version, found.clone());
            if seen.as_ref() == Some(&look) {
                return Ok(Comparison::Differs(found));
            }
            seen = Some(look);
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        let why = "It changed all the time while it was compared.";
        Ok(Comparison::NotAsked(ProviderError::new("busy", why)))
    }

    async fn ask_about(&self, payment: &Payment) -> Result<Comparison, Error> {
        let (Some(reference), Some(provider)) = (&payment.reference, self.providers().get(&payment.provider)) else {
            let why = "It is not configured.";
            return Ok(Comparison::NotAsked(ProviderError::new("not_configured", why)));
        };
        let refunds = self.queries().refunds_of(payment.id).await?;
        let found = match provider.fetch(reference).await {
            ProviderAnswer::Done(said) => payment.differences(&refunds, &said),
            ProviderAnswer::Refused { .. } => vec![Difference::OnlyHere],
            ProviderAnswer::Unknown { error, .. } => return Ok(Comparison::NotAsked(error)),
        };
        Ok(if found.is_empty() { Comparison::Same } else { Comparison::Differs(found) })
    }
}

#[cfg(test)]
mod tests {
    use domain::Version;
    use domain::payments::{MockPaymentProvider, MockPaymentQueries, PaymentKind, PaymentStatus, Sides};

    use super::super::testing::*;
    use super::*;
    use crate::testing::Prepared;

    /// Payments that are read as these, one after the other.
    fn reading(read: Vec<Payment>) -> MockPaymentQueries {
        let mut queries = MockPaymentQueries::new();
        let first = read[0].clone();
        queries.expect_begun_payments().once().return_once(move |_, _| Ok(vec![first]));
        let mut read = read.into_iter();
        queries.expect_get().returning(move |_, _| Ok(read.next()));
        queries.expect_refunds_of().returning(|_| Ok(vec![]));
        queries
    }

    async fn compare(provider: MockPaymentProvider, queries: MockPaymentQueries) -> Comparison {
        let (runner, log) = Prepared::runner([]);
        let compared = service(runner, provider, queries).compare(None, 9).await.unwrap().remove(0).1;
        assert!(log.lock().unwrap().is_empty(), "nothing is changed");
        compared
    }

    fn saying(status: PaymentStatus) -> MockPaymentProvider {
        let mut provider = provider();
        provider.expect_fetch().returning(move |_| ProviderAnswer::Done(says(status)));
        provider
    }

    #[tokio::test(start_paused = true)]
    async fn a_difference_counts_if_it_is_there_twice_r98() {
        let open = payment(PaymentStatus::RequiresAction);
        let compared = compare(saying(PaymentStatus::Processing), reading(vec![open.clone(), open])).await;
        let sides = Sides { here: PaymentStatus::RequiresAction, there: PaymentStatus::Processing };
        assert_eq!(compared, Comparison::Differs(vec![Difference::Status(sides)]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_notice_that_comes_meanwhile_ends_the_difference_r98() {
        let settled = Payment { version: Version(2), ..payment(PaymentStatus::Captured) };
        let read = vec![payment(PaymentStatus::RequiresAction), settled];
        assert_eq!(compare(saying(PaymentStatus::Captured), reading(read)).await, Comparison::Same);
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_does_not_answer_makes_no_difference_r98() {
        let mut away = provider();
        let error = || ProviderError::new("connection", "No answer.");
        away.expect_fetch().returning(move |_| ProviderAnswer::Unknown {
            retry_after: None,
            is_kept: false,
            error: error(),
        });
        let compared = compare(away, reading(vec![payment(PaymentStatus::Captured)])).await;
        assert_eq!(compared, Comparison::NotAsked(error()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_payment_unknown_to_the_provider_is_reported_r98() {
        let mut empty = provider();
        let refused = || ProviderAnswer::Refused { error: ProviderError::new("unknown", "No."), is_retryable: false };
        empty.expect_fetch().returning(move |_| refused());
        let paid = payment(PaymentStatus::Captured);
        let compared = compare(empty, reading(vec![paid.clone(), paid])).await;
        assert_eq!(compared, Comparison::Differs(vec![Difference::OnlyHere]));
    }

    #[tokio::test(start_paused = true)]
    async fn money_that_people_move_is_compared_with_nothing_r98() {
        let by_hand = Payment { kind: PaymentKind::BankTransfer, ..payment(PaymentStatus::Captured) };
        assert_eq!(compare(provider(), reading(vec![by_hand])).await, Comparison::Same);
    }
}
