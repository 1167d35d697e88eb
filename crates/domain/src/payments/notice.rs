use std::time::Duration;

use super::{EventId, Notice, NoticeKind, ProviderError, ProviderMessage, ProviderName, Reference, next_try};
use crate::UtcDateTime;
use crate::word::words;

words! {
    /// How far the processing of a notice has come.
    NoticeStatus {
        /// To be processed.
        New = "new",
        /// Processed.
        Done = "done",
        /// About something that is not of this shop.
        Ignored = "ignored",
        /// Given up.
        Failed = "failed",
    }
}

/// A hint of a provider that something happened to a payment. It has no content: the provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentNotice {
    /// Who sent it.
    pub provider: ProviderName,
    /// The id of the event at the provider. A repeated one counts once.
    pub event_id: EventId,
    /// What it is about.
    pub kind: NoticeKind,
    /// The payment that it is about; `None` if it is about none.
    pub reference: Option<Reference>,
    /// When it came.
    pub received_at: UtcDateTime,
    /// The current status.
    pub status: NoticeStatus,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next; `None` if it is finished.
    pub next_at: Option<UtcDateTime>,
    /// What went wrong last.
    pub error: Option<ProviderMessage>,
}

impl PaymentNotice {
    /// How often it is tried.
    pub const TRIES: i64 = 10;

    /// A notice that came now.
    pub fn new(provider: ProviderName, notice: Notice, now: UtcDateTime) -> Self {
        let Notice { event_id, kind, reference } = notice;
        Self {
            provider,
            event_id,
            kind,
            reference,
            received_at: now,
            status: NoticeStatus::New,
            attempts: 0,
            next_at: Some(now),
            error: None,
        }
    }

    /// The notice, processed.
    #[must_use]
    pub fn done(&self) -> Self {
        self.ended(NoticeStatus::Done)
    }

    /// The notice, which is not about a payment of this shop.
    #[must_use]
    pub fn ignored(&self) -> Self {
        self.ended(NoticeStatus::Ignored)
    }

    /// The notice after the provider has sent it again; `None` if nothing is left to do about it. One that was given up is
    /// tried anew.
    #[must_use]
    pub fn sent_again(&self, now: UtcDateTime) -> Option<Self> {
        let anew = || Self { status: NoticeStatus::New, attempts: 0, next_at: Some(now), ..self.clone() };
        (self.status == NoticeStatus::Failed).then(anew)
    }

    /// The notice after a try that did not work. After the last one it is given up.
    #[must_use]
    pub fn postponed(&self, error: &ProviderError, retry_after: Option<Duration>, now: UtcDateTime) -> Self {
        if self.status != NoticeStatus::New {
            return self.clone();
        }
        let attempts = self.attempts + 1;
        let error = Some(error.text.clone());
        if attempts >= Self::TRIES {
            return Self { attempts, error, ..self.ended(NoticeStatus::Failed) };
        }
        Self { attempts, error, next_at: Some(next_try(attempts, retry_after, now)), ..self.clone() }
    }

    /// The notice with its final status. A notice that has ended stays as it is.
    fn ended(&self, status: NoticeStatus) -> Self {
        if self.status != NoticeStatus::New {
            return self.clone();
        }
        Self { status, next_at: None, error: None, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::testing::{NOW, provider, reference};
    use super::*;

    #[test]
    fn a_notice_is_tried_ten_times_and_then_given_up_r88() {
        let event_id = EventId::parse("evt_1").unwrap();
        let kind = NoticeKind::parse("payment_intent.succeeded").unwrap();
        let notice = Notice { event_id, kind, reference: Some(reference("pi_1")) };
        let mut now = PaymentNotice::new(provider("stripe"), notice, NOW);
        let error = ProviderError::new("timeout", "No answer.");
        for attempt in 1..PaymentNotice::TRIES {
            now = now.postponed(&error, None, NOW);
            assert_eq!((now.attempts, now.status), (attempt, NoticeStatus::New));
            assert!(now.next_at.unwrap() > NOW);
        }
        let done = now.done();
        assert_eq!((done.status, done.next_at, done.error.as_ref()), (NoticeStatus::Done, None, None));
        assert_eq!(done.postponed(&error, None, NOW), done, "what has ended stays so");
        let failed = now.postponed(&error, None, NOW);
        assert_eq!((failed.status, failed.next_at), (NoticeStatus::Failed, None));
        assert_eq!(failed.error.as_ref().unwrap().as_str(), "No answer.");
        let anew = failed.sent_again(NOW).unwrap();
        assert_eq!((anew.status, anew.attempts, anew.next_at), (NoticeStatus::New, 0, Some(NOW)));
        assert_eq!([anew, done.clone(), done.ignored()].map(|one| one.sent_again(NOW)), [None, None, None]);
    }
}
