//! How often a provider is asked, with which key, and what is done when nobody knows what it did.

use std::time::Duration;

use super::{OperationKind, Payment, PaymentOperation, PaymentStatus, Snapshot};
use crate::UtcDateTime;

/// Waits between tries. After the last one, the last one again.
const WAITS: [Duration; 6] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(1),
];

/// From this try on, if the provider stores the failure with the key, it is asked what it has done.
const LOOK_FROM: i64 = 3;

/// When something that was tried `attempts` times is tried again, not before a provider wants it.
pub fn next_try(attempts: i64, retry_after: Option<Duration>, now: UtcDateTime) -> UtcDateTime {
    let nth = usize::try_from(attempts - 1).unwrap_or(0).min(WAITS.len() - 1);
    let wait = WAITS.get(nth).copied().unwrap_or_default();
    now + wait.max(retry_after.unwrap_or_default())
}

/// How an operation is carried out next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approach {
    /// The provider is called with the present key, which it has perhaps seen before.
    Call,
    /// The provider is asked first whether it has done it, because it may have forgotten the key.
    Look,
}

/// What is known of an operation after a call or a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    /// The provider did it.
    Done,
    /// The provider refused it for good.
    Refused,
    /// A call has brought no answer. `is_kept`: the same key brings the same failure.
    NoAnswer {
        /// Whether the provider repeats the failure under the same key.
        is_kept: bool,
        /// When to ask again, if the provider says so.
        retry_after: Option<Duration>,
    },
    /// A look has brought no answer.
    NotSeen {
        /// When to ask again, if the provider says so.
        retry_after: Option<Duration>,
    },
    /// The provider provably did nothing.
    NotDone,
    /// Nobody can tell.
    CannotTell,
}

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Finish,
    /// It is recorded as refused, and not tried again.
    Refuse,
    /// The provider is asked whether it has done it.
    Look,
    /// It is called at once with a new key.
    NewKey,
    /// It is tried again at this time, with the same key.
    Wait(UtcDateTime),
    /// The staff have to find out.
    GiveUp,
}

impl PaymentOperation {
    /// How long one server has to carry it out.
    pub const LEASE: Duration = Duration::from_secs(30);

    /// How it is carried out. A provider surely knows a key for `key_lifetime`.
    pub fn approach(&self, key_lifetime: Duration, now: UtcDateTime) -> Approach {
        let was_tried = self.attempts > 1;
        if was_tried && now >= self.called_until(key_lifetime) { Approach::Look } else { Approach::Call }
    }

    /// Until when it may have been called with the present key or an earlier one. Afterwards the provider is only asked.
    pub fn called_until(&self, key_lifetime: Duration) -> UtcDateTime {
        self.key_since + key_lifetime
    }

    /// What is done next. `has_looked`: the provider was asked already in this try.
    pub fn next(&self, known: CallOutcome, has_looked: bool, now: UtcDateTime) -> Next {
        match known {
            CallOutcome::Done => Next::Finish,
            CallOutcome::Refused => Next::Refuse,
            CallOutcome::NoAnswer { is_kept: true, .. } if self.attempts >= LOOK_FROM && !has_looked => Next::Look,
            CallOutcome::NoAnswer { retry_after, .. } | CallOutcome::NotSeen { retry_after } => {
                Next::Wait(next_try(self.attempts, retry_after, now))
            }
            CallOutcome::NotDone if self.generation < Self::GENERATIONS => Next::NewKey,
            CallOutcome::NotDone | CallOutcome::CannotTell => Next::GiveUp,
        }
    }

    /// What a look says. `said` is what the provider says of the payment; `None` proves that it has no such payment.
    pub fn seen(&self, payment: &Payment, said: Option<&Snapshot>) -> CallOutcome {
        let Some(said) = said else {
            return if self.kind == OperationKind::Begin { CallOutcome::NotDone } else { CallOutcome::CannotTell };
        };
        let is_given_up = matches!(said.status, PaymentStatus::Voided | PaymentStatus::Failed);
        let amount = self.amount.unwrap_or_default();
        match self.kind {
            OperationKind::Begin => CallOutcome::Done,
            OperationKind::Void if is_given_up => CallOutcome::Done,
            OperationKind::Void if said.captured > 0 => CallOutcome::Refused,
            OperationKind::Refund if said.refunds.iter().any(|refund| refund.operation == Some(self.id)) => {
                CallOutcome::Done
            }
            OperationKind::Void | OperationKind::Refund => CallOutcome::NotDone,
            OperationKind::Capture if said.captured >= payment.captured + amount => CallOutcome::Done,
            OperationKind::Capture if is_given_up => CallOutcome::Refused,
            OperationKind::Capture if said.captured == 0 => CallOutcome::NotDone,
            // A notice has said so to the shop already. Were it not this capture that took so much, the shop would promise no more
            // than what is held all the same.
            OperationKind::Capture if said.captured == payment.captured && said.captured >= amount => CallOutcome::Done,
            OperationKind::Capture => CallOutcome::CannotTell,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::testing::{NOW, operation, payment, snapshot};
    use super::*;
    use crate::payments::{ProviderRefund, RefundStatus};

    const LIFETIME: Duration = Duration::from_hours(20);

    #[test]
    fn tries_are_further_and_further_apart_r90() {
        let waits: Vec<_> = (1..=8).map(|attempts| (next_try(attempts, None, NOW) - NOW).whole_seconds()).collect();
        assert_eq!(waits, [2, 10, 60, 300, 1800, 3600, 3600, 3600]);
        let wanted = Some(Duration::from_secs(45));
        assert_eq!(next_try(1, wanted, NOW), NOW + Duration::from_secs(45), "the provider wants more time");
        assert_eq!(next_try(4, wanted, NOW), NOW + Duration::from_mins(5), "it waits longer by itself");
    }

    #[test]
    fn a_key_is_used_again_for_as_long_as_the_provider_surely_knows_it_r90() {
        let later = NOW + LIFETIME;
        let approach =
            |attempts, now| PaymentOperation { attempts, ..operation(OperationKind::Capture) }.approach(LIFETIME, now);
        assert_eq!(approach(2, later - Duration::from_secs(1)), Approach::Call);
        assert_eq!(approach(2, later), Approach::Look);
        assert_eq!(approach(1, later), Approach::Call, "a key that was never used cannot be forgotten");
        assert_eq!(operation(OperationKind::Begin).called_until(LIFETIME), later);
    }

    #[test]
    fn the_next_step_follows_the_table_r90() {
        let no_answer = |is_kept| CallOutcome::NoAnswer { is_kept, retry_after: None };
        let wait = |attempts| Next::Wait(next_try(attempts, None, NOW));
        let table = [
            // known, attempts, generation, has looked, next
            (CallOutcome::Done, 1, 1, false, Next::Finish),
            (CallOutcome::Refused, 1, 1, false, Next::Refuse),
            (no_answer(false), 1, 1, false, wait(1)),
            (no_answer(false), 9, 1, false, wait(9)),
            (no_answer(true), 1, 1, false, wait(1)),
            (no_answer(true), 2, 1, false, wait(2)),
            (no_answer(true), 3, 1, false, Next::Look),
            (no_answer(true), 3, 2, true, wait(3)),
            (CallOutcome::NotSeen { retry_after: None }, 4, 1, true, wait(4)),
            (CallOutcome::NotDone, 3, 1, true, Next::NewKey),
            (CallOutcome::NotDone, 3, 8, true, Next::NewKey),
            (CallOutcome::NotDone, 3, 9, true, Next::GiveUp),
            (CallOutcome::CannotTell, 3, 1, true, Next::GiveUp),
        ];
        for (known, attempts, generation, has_looked, next) in table {
            let tried = PaymentOperation { generation, attempts, ..operation(OperationKind::Refund) };
            assert_eq!(tried.next(known, has_looked, NOW), next, "{known:?} {attempts} {generation} {has_looked}");
        }
    }

    #[test]
    fn a_look_tells_whether_the_provider_did_it_r90() {
        use OperationKind::{Begin, Capture, Refund, Void};
        use PaymentStatus::{Authorised, Captured, Processing, Voided};
        let held = Payment { status: Authorised, authorised: 100, ..payment(1, 100) };
        let says = |status, captured| Snapshot { captured, ..snapshot(&held, status) };
        let seen =
            |kind, said: Option<&Snapshot>| PaymentOperation { amount: Some(100), ..operation(kind) }.seen(&held, said);
        assert_eq!(seen(Begin, None), CallOutcome::NotDone);
        assert_eq!(seen(Begin, Some(&says(Processing, 0))), CallOutcome::Done);
        assert_eq!(seen(Capture, Some(&says(Captured, 100))), CallOutcome::Done);
        assert_eq!(seen(Capture, Some(&says(Authorised, 0))), CallOutcome::NotDone);
        assert_eq!(seen(Capture, Some(&says(Captured, 60))), CallOutcome::CannotTell, "somebody else captured");
        assert_eq!(seen(Capture, Some(&says(Voided, 0))), CallOutcome::Refused);
        assert_eq!(seen(Capture, None), CallOutcome::CannotTell);
        assert_eq!(seen(Void, Some(&says(Voided, 0))), CallOutcome::Done);
        assert_eq!(seen(Void, Some(&says(Authorised, 0))), CallOutcome::NotDone);
        assert_eq!(seen(Void, Some(&says(Captured, 100))), CallOutcome::Refused);
        let taken = Payment { status: Captured, captured: 100, ..held.clone() };
        let capture = |amount| PaymentOperation { amount: Some(amount), ..operation(Capture) };
        let all = says(Captured, 100);
        assert_eq!(capture(100).seen(&taken, Some(&all)), CallOutcome::Done, "a notice came before the look");
        assert_eq!(capture(101).seen(&taken, Some(&all)), CallOutcome::CannotTell, "it was another capture");
        let refund =
            |operation| ProviderRefund { reference: None, operation, amount: 100, status: RefundStatus::Pending };
        let with = |operation| Snapshot { refunds: vec![refund(operation)], ..says(Captured, 100) };
        assert_eq!(seen(Refund, Some(&with(Some(operation(Refund).id)))), CallOutcome::Done);
        assert_eq!(seen(Refund, Some(&with(None))), CallOutcome::NotDone);
    }
}
