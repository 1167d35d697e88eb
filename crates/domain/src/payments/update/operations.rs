use std::time::Duration;

use super::{PaymentsUpdate, Settled};
use crate::payments::attempts::{Approach, CallOutcome, Next, next_try};
use crate::payments::{
    Finding, OperationId, OperationKind, OperationStatus, Payment, PaymentOperation, PaymentStatus, ProviderAnswer,
    ProviderError, RefundStatus, Snapshot,
};
use crate::{Lease, Uuid, Version};

/// Whether a server may carry an operation out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It holds the operation.
    Ready,
    /// It is finished. Perhaps by this, because there was nothing left to do.
    Finished,
    /// It is being carried out, or an earlier operation of the payment is, or it is not time yet to try it again.
    Busy,
}

/// What a provider said about an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// To the call that asked for the operation.
    Called(ProviderAnswer<Snapshot>),
    /// When it was asked whether it has done it. `None` proves that it has no such payment.
    Looked(ProviderAnswer<Option<Snapshot>>),
}

impl Said {
    /// What the provider says of the payment, if it has answered.
    pub const fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            Self::Called(ProviderAnswer::Done(snapshot)) | Self::Looked(ProviderAnswer::Done(Some(snapshot))) => {
                Some(snapshot)
            }
            _ => None,
        }
    }
}

/// What a server does next about an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Nothing: it is finished.
    Finished,
    /// It asks the provider for the payment, to know more than the operation says.
    Ask,
    /// It asks the provider whether it has done it.
    Look,
    /// It calls the provider again, with the new key, which is committed.
    Call,
    /// Nothing for now.
    Wait,
}

/// The answer of a provider, and when it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationResult {
    /// What it said, to the call or when it was asked whether it has done it.
    pub said: Said,
    /// Whether it was asked in this try whether it has done it.
    pub has_looked: bool,
    /// The version of the payment before it was asked.
    pub asked_at: Version,
    /// The server that holds the operation.
    pub holder: Uuid,
}

impl PaymentsUpdate<'_> {
    /// Gives an operation to a server, if it is its turn. One that has become pointless is finished.
    pub fn claim(&mut self, id: OperationId, holder: Uuid) -> Claim {
        let now = self.act.now;
        let Some(operation) = self.after.operations.iter().find(|operation| operation.id == id).cloned() else {
            return Claim::Finished;
        };
        if operation.status != OperationStatus::Pending {
            return Claim::Finished;
        }
        let is_held = operation.lease.is_some_and(|lease| lease.until > now);
        if is_held || operation.next_at.is_some_and(|at| at > now) {
            return Claim::Busy;
        }
        let first = self.unfinished(operation.payment_id).next();
        if let Some(first) = first.filter(|first| first.id != id) {
            // Not looked at again before the earlier one can be finished.
            let waits_for = first.next_at.unwrap_or(now).max(next_try(1, None, now));
            if let Some(operation) = self.operation_mut(id) {
                operation.next_at = Some(waits_for);
            }
            return Claim::Busy;
        }
        if let Some(status) = self.pointless(&operation) {
            self.close(id, status, None);
            return Claim::Finished;
        }
        let until = now + PaymentOperation::LEASE;
        if let Some(operation) = self.operation_mut(id) {
            if operation.attempts == 0 {
                operation.key_since = now;
            }
            operation.attempts += 1;
            operation.lease = Some(Lease { holder, until });
        }
        Claim::Ready
    }

    /// The final status of an operation that need not be carried out any more; `None` if it must be.
    fn pointless(&self, operation: &PaymentOperation) -> Option<OperationStatus> {
        let payment = self.after.payment(operation.payment_id)?;
        let is_given_up = matches!(payment.status, PaymentStatus::Voided | PaymentStatus::Failed);
        match operation.kind {
            OperationKind::Begin => (payment.status != PaymentStatus::Pending).then_some(OperationStatus::Done),
            OperationKind::Void if is_given_up => Some(OperationStatus::Done),
            OperationKind::Void => (payment.captured > 0).then_some(OperationStatus::Refused),
            OperationKind::Capture => is_given_up.then_some(OperationStatus::Refused),
            OperationKind::Refund => {
                let refund = operation.refund_id.and_then(|id| self.after.refund(id));
                match refund.map(|refund| refund.status) {
                    Some(RefundStatus::Pending) => None,
                    Some(RefundStatus::Failed) => Some(OperationStatus::Refused),
                    Some(RefundStatus::Succeeded) | None => Some(OperationStatus::Done),
                }
            }
        }
    }

    /// Takes over what a provider said about an operation, and says what is next. What it did counts, whoever holds the
    /// operation now; that it did not answer counts only for the holder.
    pub fn answer(&mut self, id: OperationId, result: &OperationResult) -> NextStep {
        let Some(operation) = self.after.operations.iter().find(|operation| operation.id == id).cloned() else {
            return NextStep::Finished;
        };
        let Some(payment) = self.after.payment(operation.payment_id).cloned() else { return NextStep::Finished };
        let (known, snapshot, error) = operation.known(&payment, &result.said);
        let settled = snapshot.map(|said| self.settle(payment.id, said, result.asked_at));
        if operation.status != OperationStatus::Pending {
            return NextStep::Finished;
        }
        let now = self.act.now;
        let is_held = operation.lease.is_some_and(|lease| lease.holder == result.holder);
        let known = match settled {
            Some(Settled::Refused(_)) => CallOutcome::CannotTell,
            _ => known,
        };
        let next = operation.next(known, result.has_looked, now);
        match next {
            Next::Finish => {
                self.close(id, OperationStatus::Done, None);
                if settled == Some(Settled::Applied) { NextStep::Finished } else { NextStep::Ask }
            }
            Next::Refuse => {
                self.close(id, OperationStatus::Refused, error);
                let has_reference = payment.reference.is_some();
                if has_reference && snapshot.is_none() { NextStep::Ask } else { NextStep::Finished }
            }
            _ if !is_held => NextStep::Finished,
            Next::Look => NextStep::Look,
            Next::NewKey => {
                self.renew(id, result.holder);
                NextStep::Call
            }
            Next::Wait(at) => {
                self.postpone(id, at, error);
                NextStep::Wait
            }
            Next::GiveUp => {
                self.give_up_on(id, error);
                NextStep::Finished
            }
        }
    }

    /// Finishes an operation, and releases what it had reserved.
    pub(super) fn close(&mut self, id: OperationId, status: OperationStatus, error: Option<ProviderError>) {
        let now = self.act.now;
        let Some(operation) = self.operation_mut(id) else { return };
        *operation = PaymentOperation {
            status,
            error: error.clone(),
            lease: None,
            next_at: None,
            finished_at: Some(now),
            ..operation.clone()
        };
        let operation = operation.clone();
        let is_refused = status == OperationStatus::Refused;
        match operation.kind {
            OperationKind::Refund if is_refused => {
                if let Some(refund) = operation.refund_id.filter(|id| self.is_pending(*id)) {
                    self.refund_becomes(refund, RefundStatus::Failed);
                }
            }
            OperationKind::Refund | OperationKind::Void => {}
            OperationKind::Begin | OperationKind::Capture => {
                let Some(payment) = self.payment_mut(operation.payment_id) else { return };
                payment.last_error = error.or_else(|| payment.last_error.clone());
                if operation.kind == OperationKind::Capture {
                    payment.capture_pending -= operation.amount.unwrap_or_default();
                } else if is_refused {
                    payment.status = payment.status.after(PaymentStatus::Failed);
                }
            }
        }
    }

    fn is_pending(&self, id: crate::payments::RefundId) -> bool {
        self.after.refund(id).is_some_and(|refund| refund.status == RefundStatus::Pending)
    }

    /// Gives an operation a new key.
    fn renew(&mut self, id: OperationId, holder: Uuid) {
        let now = self.act.now;
        if let Some(operation) = self.operation_mut(id) {
            operation.generation += 1;
            operation.key_since = now;
            operation.lease = Some(Lease { holder, until: now + PaymentOperation::LEASE });
        }
    }

    fn postpone(&mut self, id: OperationId, at: crate::UtcDateTime, error: Option<ProviderError>) {
        if let Some(operation) = self.operation_mut(id) {
            operation.next_at = Some(at);
            operation.lease = None;
            operation.error = error;
        }
    }

    /// Gives up on an operation whose outcome is unknown. What it has reserved stays reserved, and the staff get a
    /// finding.
    fn give_up_on(&mut self, id: OperationId, error: Option<ProviderError>) {
        let Some(operation) = self.operation_mut(id) else { return };
        operation.status = OperationStatus::Unknown;
        operation.lease = None;
        operation.next_at = None;
        operation.error = error;
        let payment_id = operation.payment_id;
        self.found(payment_id, Finding::UnknownOperation);
    }

    /// How an operation that a server holds is carried out.
    pub fn approach(&self, id: OperationId, key_lifetime: Duration) -> Approach {
        let operation = self.after.operations.iter().find(|operation| operation.id == id);
        operation.map_or(Approach::Call, |operation| operation.approach(key_lifetime, self.act.now))
    }
}

impl PaymentOperation {
    /// What is known after an answer, what the provider says of the payment, and what went wrong.
    fn known<'s>(
        &self,
        payment: &Payment,
        said: &'s Said,
    ) -> (CallOutcome, Option<&'s Snapshot>, Option<ProviderError>) {
        match said {
            Said::Called(ProviderAnswer::Done(snapshot)) => (CallOutcome::Done, Some(snapshot), None),
            Said::Looked(ProviderAnswer::Done(snapshot)) => {
                (self.seen(payment, snapshot.as_ref()), snapshot.as_ref(), None)
            }
            Said::Called(ProviderAnswer::Refused { error, .. }) => (CallOutcome::Refused, None, Some(error.clone())),
            Said::Looked(ProviderAnswer::Refused { error, .. }) => (CallOutcome::CannotTell, None, Some(error.clone())),
            Said::Called(ProviderAnswer::Unknown { retry_after, is_kept, error }) => {
                (CallOutcome::NoAnswer { is_kept: *is_kept, retry_after: *retry_after }, None, Some(error.clone()))
            }
            Said::Looked(ProviderAnswer::Unknown { retry_after, error, .. }) => {
                (CallOutcome::NotSeen { retry_after: *retry_after }, None, Some(error.clone()))
            }
        }
    }
}
