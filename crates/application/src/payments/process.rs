use std::time::Duration;

use async_trait::async_trait;
use domain::payments::{PaymentKey, PaymentNotice, ProviderAnswer, ProviderError, Settled, Snapshot};

use super::settle::SettlePayment;
use super::{Payments, SettledPayment};
use crate::{Command, Ctx, Error, Tx};

/// How the processing of a notice ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeEnd {
    /// What the provider says is taken over.
    Done,
    /// It is not about a payment of this shop.
    Ignored,
    /// It did not work. It is tried again, up to a bound.
    Postponed(ProviderError, Option<Duration>),
}

/// Records how the processing of a notice ended.
#[derive(Debug, Clone)]
pub struct FinishNotice {
    /// The notice with what the provider said in it.
    pub notice: PaymentNotice,
    /// How it ended.
    pub end: NoticeEnd,
}

#[async_trait]
impl Command for FinishNotice {
    type Output = ();
    const NAME: &'static str = "payments.finish_notice";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let PaymentNotice { provider, event_id, .. } = &self.notice;
        let Some(notice) = tx.payments().lock_notice(provider, event_id).await? else { return Ok(()) };
        let after = match &self.end {
            NoticeEnd::Done => notice.done(),
            NoticeEnd::Ignored => notice.ignored(),
            NoticeEnd::Postponed(error, retry_after) => notice.postponed(error, *retry_after, ctx.now),
        };
        if after != notice {
            tx.payments().update_notice(&after).await?;
        }
        Ok(())
    }
}

impl Payments {
    /// Asks the provider what a notice is about, and takes it over.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn process(&self, notice: PaymentNotice) -> Result<(), Error> {
        let end = match self.take_over(&notice).await {
            Ok(end) => end,
            Err(Error::NotFound(_)) => NoticeEnd::Ignored,
            Err(error) => {
                tracing::warn!(provider = %notice.provider, event = %notice.event_id, %error, "a notice is tried again");
                NoticeEnd::Postponed(ProviderError::new("internal", "The shop failed to process it."), None)
            }
        };
        self.runner().run(FinishNotice { notice, end }).await
    }

    async fn take_over(&self, notice: &PaymentNotice) -> Result<NoticeEnd, Error> {
        let PaymentNotice { provider: name, reference, .. } = notice;
        let (Some(reference), Some(provider)) = (reference, self.providers().get(name)) else {
            return Ok(NoticeEnd::Ignored);
        };
        let said = match provider.fetch(reference).await {
            ProviderAnswer::Done(said) => said,
            ProviderAnswer::Refused { .. } => return Ok(NoticeEnd::Ignored),
            ProviderAnswer::Unknown { retry_after, error, .. } => return Ok(NoticeEnd::Postponed(error, retry_after)),
        };
        let key = key_of(&said, notice);
        let settle = SettlePayment { key, said, asked_at: None };
        let SettledPayment { payment, settled } = self.runner().run(settle).await?;
        if settled == Settled::Stale {
            self.sync(&payment).await?;
        }
        Ok(NoticeEnd::Done)
    }
}

/// The key of the payment that the provider reports: our id if the provider knows it, else the reference of the
/// provider.
fn key_of(said: &Snapshot, notice: &PaymentNotice) -> PaymentKey {
    let by_reference = || PaymentKey::Reference(notice.provider.clone(), said.reference.clone());
    said.payment_id.map_or_else(by_reference, PaymentKey::Payment)
}

#[cfg(test)]
mod tests {
    use domain::payments::{
        EventId, MockPaymentProvider, MockPaymentQueries, Notice, NoticeKind, NoticeStatus, PaymentStatus,
    };

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, NOW, Prepared};

    fn notice() -> PaymentNotice {
        let (event_id, kind) = (EventId::parse("evt_1").unwrap(), NoticeKind::parse("changed").unwrap());
        PaymentNotice::new(name(), Notice { event_id, kind, reference: Some(reference()) }, NOW)
    }

    /// A transaction that ends the notice so.
    fn ending(status: NoticeStatus, attempts: i64) -> Mocks {
        let mut tx = Mocks::default();
        tx.payments.expect_lock_notice().once().returning(|_, _| Ok(Some(notice())));
        let ends = move |notice: &PaymentNotice| (notice.status, notice.attempts) == (status, attempts);
        tx.payments.expect_update_notice().once().withf(ends).returning(|_| Ok(()));
        tx
    }

    async fn process(transactions: Vec<Mocks>, provider: MockPaymentProvider) {
        let (runner, _) = Prepared::runner(transactions);
        service(runner, provider, MockPaymentQueries::new()).process(notice()).await.unwrap();
    }

    #[tokio::test]
    async fn a_notice_is_only_a_hint_and_the_provider_is_asked_r88() {
        let takes = saving(payments(vec![payment(PaymentStatus::Processing)]), |changes| changes.transfers.len() == 1);
        let mut provider = provider();
        provider.expect_fetch().once().returning(|_| ProviderAnswer::Done(says(PaymentStatus::Captured)));
        process(vec![takes, ending(NoticeStatus::Done, 0)], provider).await;
    }

    #[tokio::test]
    async fn a_notice_before_our_own_answer_finds_the_payment_by_its_id_r88() {
        let mut early = Mocks::default();
        let by_id = |key: &PaymentKey, _: &_| *key == PaymentKey::Payment(payment_id());
        early.payments.expect_find().once().withf(by_id).returning(|_, _| Ok(None));
        let mut provider = provider();
        provider.expect_fetch().once().returning(|_| ProviderAnswer::Done(says(PaymentStatus::Captured)));
        process(vec![early, ending(NoticeStatus::Ignored, 0)], provider).await;
    }

    #[tokio::test]
    async fn notices_of_other_shops_are_ignored_r88() {
        let mut provider = provider();
        let error = ProviderError::new("resource_missing", "No such payment.");
        let refused = ProviderAnswer::Refused { error, is_retryable: false };
        provider.expect_fetch().once().return_once(move |_| refused);
        process(vec![ending(NoticeStatus::Ignored, 0)], provider).await;
    }

    #[tokio::test]
    async fn a_notice_is_tried_again_when_the_provider_does_not_answer_r88() {
        let mut provider = provider();
        let error = ProviderError::new("timeout", "No answer.");
        let unknown = ProviderAnswer::Unknown { retry_after: None, is_kept: false, error };
        provider.expect_fetch().once().return_once(move |_| unknown);
        process(vec![ending(NoticeStatus::New, 1)], provider).await;
    }

    #[tokio::test]
    async fn an_answer_from_before_a_change_of_the_payment_is_asked_for_again_r89() {
        let processing = || payments(vec![payment(PaymentStatus::Processing)]);
        let declined =
            saving(processing(), |changes| changes.payments.changed[0].status == PaymentStatus::RequiresAction);
        let mut provider = provider();
        provider.expect_fetch().times(2).returning(|_| ProviderAnswer::Done(says(PaymentStatus::RequiresAction)));
        process(vec![locking(processing()), declined, ending(NoticeStatus::Done, 0)], provider).await;
    }
}
