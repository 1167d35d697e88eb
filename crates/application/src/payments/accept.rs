use async_trait::async_trait;
use domain::payments::{BadNotice, Headers, Notice, PaymentNotice, ProviderName};

use super::Payments;
use crate::{Command, Ctx, Error, Tx};

/// Writes a notice of a provider down. The output is `None` if it is there already, unless it was given up and is processed
/// again.
#[derive(Debug, Clone)]
pub struct AcceptNotice {
    /// Who sent it.
    pub provider: ProviderName,
    /// The event of the provider that it tells of.
    pub notice: Notice,
    /// Whether the provider sent it by itself, so that one that was given up is processed again. `false` of a notice that
    /// the shop asked for because it had not arrived.
    pub is_delivered: bool,
}

#[async_trait]
impl Command for AcceptNotice {
    type Output = Option<PaymentNotice>;
    const NAME: &'static str = "payments.accept_notice";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<PaymentNotice>, Error> {
        let notice = PaymentNotice::new(self.provider.clone(), self.notice.clone(), ctx.now);
        if tx.payments().add_notice(&notice).await? {
            return Ok(Some(notice));
        }
        if !self.is_delivered {
            return Ok(None);
        }
        let known = tx.payments().lock_notice(&notice.provider, &notice.event_id).await?;
        let again = known.and_then(|known| known.sent_again(ctx.now));
        if let Some(again) = &again {
            tx.payments().update_notice(again).await?;
        }
        Ok(again)
    }
}

/// What became of a request that claims to be a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// It is committed, and is to be processed. It is new, or was given up before.
    New(PaymentNotice),
    /// It came before.
    Repeated,
    /// It is none. Has the reason, for the log.
    Refused(BadNotice),
}

impl Payments {
    /// Checks and commits a notice of a provider. It is not processed yet.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such provider; a failure of the database, so that the provider tries again.
    pub async fn accept(&self, provider: &ProviderName, headers: &Headers, raw: &[u8]) -> Result<Accepted, Error> {
        let found = self.providers().get(provider).ok_or(Error::NotFound("payment provider"))?;
        let notice = match found.read_notice(headers, raw, self.now()) {
            Ok(notice) => notice,
            Err(refused) => return Ok(Accepted::Refused(refused)),
        };
        let accept = AcceptNotice { provider: provider.clone(), notice, is_delivered: true };
        Ok(self.runner().run(accept).await?.map_or(Accepted::Repeated, Accepted::New))
    }
}

#[cfg(test)]
mod tests {
    use domain::StoreError;
    use domain::payments::{EventId, MockPaymentProvider, MockPaymentQueries, NoticeKind, NoticeStatus};

    use super::super::testing::*;
    use super::*;
    use crate::testing::{Mocks, NOW, Prepared};

    fn signed() -> MockPaymentProvider {
        let mut provider = provider();
        provider.expect_read_notice().once().returning(|_, _, _| {
            let (event_id, kind) = (EventId::parse("evt_1").unwrap(), NoticeKind::parse("changed").unwrap());
            Ok(Notice { event_id, kind, reference: None })
        });
        provider
    }

    async fn accept(provider: MockPaymentProvider, tx: Mocks) -> Result<Accepted, Error> {
        let (runner, _) = Prepared::runner([tx]);
        let payments = service(runner, provider, MockPaymentQueries::new());
        payments.accept(&name(), &Headers::default(), b"{}").await
    }

    #[tokio::test]
    async fn a_notice_counts_once_r88() {
        for (is_new, repeated) in [(true, false), (false, true)] {
            let mut tx = Mocks::default();
            tx.payments.expect_add_notice().once().returning(move |_| Ok(is_new));
            tx.payments.expect_lock_notice().times(usize::from(!is_new)).returning(|_, _| Ok(Some(known().done())));
            assert_eq!(accept(signed(), tx).await.unwrap() == Accepted::Repeated, repeated);
        }
    }

    fn known() -> PaymentNotice {
        let (event_id, kind) = (EventId::parse("evt_1").unwrap(), NoticeKind::parse("changed").unwrap());
        PaymentNotice::new(name(), Notice { event_id, kind, reference: None }, NOW)
    }

    #[tokio::test]
    async fn a_notice_that_was_given_up_is_processed_when_it_is_sent_again_r88() {
        let given_up = || PaymentNotice { status: NoticeStatus::Failed, attempts: 10, next_at: None, ..known() };
        let mut tx = Mocks::default();
        tx.payments.expect_add_notice().once().returning(|_| Ok(false));
        tx.payments.expect_lock_notice().once().returning(move |_, _| Ok(Some(given_up())));
        let anew = |notice: &PaymentNotice| (notice.status, notice.attempts) == (NoticeStatus::New, 0);
        tx.payments.expect_update_notice().once().withf(anew).returning(|_| Ok(()));
        let accepted = accept(signed(), tx).await.unwrap();
        assert!(matches!(accepted, Accepted::New(notice) if anew(&notice)));
    }

    #[tokio::test]
    async fn a_notice_is_accepted_only_if_it_is_committed_r88() {
        let mut tx = Mocks::default();
        tx.payments.expect_add_notice().once().returning(|_| Err(StoreError::Unavailable("gone".into())));
        assert!(matches!(accept(signed(), tx).await, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn an_unsigned_notice_is_not_stored_r88() {
        let mut forged = provider();
        forged.expect_read_notice().once().returning(|_, _, _| Err(BadNotice("the signature is wrong")));
        let refused = accept(forged, Mocks::default()).await.unwrap();
        assert_eq!(refused, Accepted::Refused(BadNotice("the signature is wrong")));
    }

    #[tokio::test]
    async fn an_unknown_provider_is_not_found_r88() {
        let (runner, _) = Prepared::runner([]);
        let payments = service(runner, provider(), MockPaymentQueries::new());
        let other = ProviderName::parse("paypal").unwrap();
        let refused = payments.accept(&other, &Headers::default(), b"{}").await.unwrap_err();
        assert!(matches!(refused, Error::NotFound("payment provider")));
    }
}
