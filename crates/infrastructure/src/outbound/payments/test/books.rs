//! What the test provider knows of a payment. All that it says follows from the script, what it was asked, and the time.

use std::time::Duration;

use domain::payments::{
    CaptureMode, DisputeStatus, OperationId, OperationKey, PaymentStatus, ProviderCode, ProviderDispute, ProviderError,
    ProviderRefund, Reference, RefundStatus,
};
use domain::{UtcDateTime, Uuid};
use serde::{Deserialize, Serialize};

use super::script::Script;
use crate::outbound::payments::failure::Failure;

/// How long the test provider takes until a slow payment ends by itself.
pub(super) const SLOW: Duration = Duration::from_secs(3);

/// A request to the test provider, or an act of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The key of the operation; empty for what a customer does.
    pub key: String,
    /// When, in microseconds since 1970.
    pub at: i64,
    pub did: Did,
}

/// What a request or an act did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Did {
    /// The request was lost.
    Nothing,
    Begin,
    Capture {
        amount: i64,
    },
    Void,
    Refund {
        operation: Uuid,
        amount: i64,
    },
    /// The customer paid.
    Pay,
    /// The customer's bank declined.
    Decline,
    /// The customer gave up.
    Fail,
}

/// The books of one payment. Amounts are minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Books {
    pub script: Script,
    pub capture: CaptureMode,
    pub amount: i64,
    /// In order of time.
    pub entries: Vec<Entry>,
}

/// A payment at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    pub status: PaymentStatus,
    pub authorised: i64,
    pub captured: i64,
    /// When the money was taken.
    captured_at: Option<i64>,
    pub error: Option<&'static str>,
}

impl State {
    const fn open(status: PaymentStatus, error: Option<&'static str>) -> Self {
        Self { status, authorised: 0, captured: 0, captured_at: None, error }
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

impl Books {
    /// What the payment is at `now`, in microseconds; `None` if it was never begun.
    pub fn at(&self, now: i64) -> Option<State> {
        let begun = self.entries.iter().find(|entry| entry.did == Did::Begin)?.at;
        let mut state = self.unattended(begun, now);
        for entry in &self.entries {
            let can_act = state.status == PaymentStatus::RequiresAction;
            match entry.did {
                Did::Pay if can_act => state = self.paid(entry.at),
                Did::Decline if can_act => state.error = Some("card_declined"),
                Did::Fail if can_act => state = State::open(PaymentStatus::Failed, Some("abandoned")),
                Did::Capture { amount }
                    if state.status == PaymentStatus::Authorised || self.script == Script::Expires =>
                {
                    state = State {
                        status: PaymentStatus::Captured,
                        authorised: self.amount,
                        captured: amount,
                        captured_at: Some(entry.at),
                        error: None,
                    };
                }
                Did::Void if state.captured == 0 => state = State { status: PaymentStatus::Voided, ..state },
                _ => {}
            }
        }
        Some(state)
    }

    /// The state at `now`, in microseconds, if nobody has acted since the payment began.
    fn unattended(&self, begun: i64, now: i64) -> State {
        let is_over = now >= begun + micros(SLOW);
        match self.script {
            script if script.declines().is_some() => State::open(PaymentStatus::RequiresAction, script.declines()),
            Script::RequiresAction => State::open(PaymentStatus::RequiresAction, None),
            Script::SlowOk | Script::SlowFail if !is_over => State::open(PaymentStatus::Processing, None),
            Script::SlowOk => self.paid(begun + micros(SLOW)),
            Script::SlowFail => State::open(PaymentStatus::Failed, Some("card_declined")),
            Script::Expires => {
                let status = if is_over { PaymentStatus::Voided } else { PaymentStatus::Authorised };
                State { authorised: self.amount, ..State::open(status, None) }
            }
            _ => self.paid(begun),
        }
    }

    fn paid(&self, at: i64) -> State {
        match self.capture {
            CaptureMode::Manual => State { authorised: self.amount, ..State::open(PaymentStatus::Authorised, None) },
            CaptureMode::Automatic => State {
                status: PaymentStatus::Captured,
                authorised: self.amount,
                captured: self.amount,
                captured_at: Some(at),
                error: None,
            },
        }
    }

    /// The refunds at `now`.
    pub fn refunds(&self, reference: &Reference, now: i64) -> Vec<ProviderRefund> {
        let refunds = self.entries.iter().filter_map(|entry| match entry.did {
            Did::Refund { operation, amount } => Some((entry.at, operation, amount)),
            _ => None,
        });
        let refund = |(number, (at, operation, amount)): (i32, (i64, Uuid, i64))| ProviderRefund {
            reference: Reference::parse(&format!("{}_r{number}", reference.as_str())).ok(),
            operation: Some(OperationId(operation)),
            amount,
            status: self.refund_status(now >= at + micros(SLOW)),
        };
        (1..).zip(refunds).map(refund).collect()
    }

    fn refund_status(&self, is_over: bool) -> RefundStatus {
        match self.script {
            Script::RefundFails => RefundStatus::Failed,
            Script::RefundPending if !is_over => RefundStatus::Pending,
            Script::RefundBounces if is_over => RefundStatus::Failed,
            _ => RefundStatus::Succeeded,
        }
    }

    /// The dispute at `now`: it is opened as soon as money is taken.
    pub fn disputes(&self, reference: &Reference, now: i64) -> Vec<ProviderDispute> {
        let closes_as = match self.script {
            Script::DisputeWon => DisputeStatus::Won,
            Script::DisputeLost => DisputeStatus::Lost,
            _ => return Vec::new(),
        };
        let captured = self.at(now).and_then(|state| Some((state.captured, state.captured_at?)));
        let Some((amount, at)) = captured else { return Vec::new() };
        let is_over = now >= at + micros(SLOW);
        let dispute = Reference::parse(&format!("{}_d1", reference.as_str())).map(|reference| ProviderDispute {
            reference,
            amount,
            reason: ProviderCode::new("fraudulent"),
            status: if is_over { closes_as } else { DisputeStatus::Open },
            due_by: UtcDateTime::from_unix_timestamp_nanos(i128::from(at + micros(SLOW)) * 1000).ok(),
        });
        dispute.into_iter().collect()
    }

    /// Does what an operation asks for, once for each key, and loses requests and answers as the script says.
    pub fn operate(&mut self, key: &OperationKey, wanted: Did, reference: &Reference, now: i64) -> Result<(), Failure> {
        let name = key.to_string();
        let late = || Failure::unknown("timeout", "the test provider did not answer in time");
        let broken = || Failure::kept("http_500", "the test provider failed");
        let is_first_key = key.generation == 1;
        let known = self.entries.iter().position(|entry| entry.key == name);
        match (self.script, known) {
            (Script::Error500, None) | (Script::Error500Done, Some(_)) if is_first_key => return Err(broken()),
            (Script::LostRequest, None) => {
                self.entries.push(Entry { key: name, at: now, did: Did::Nothing });
                return Err(late());
            }
            (_, Some(known)) if self.entries.get(known).is_some_and(|entry| entry.did != Did::Nothing) => return Ok(()),
            _ => {}
        }
        self.allow(&wanted, reference, now)?;
        self.entries.retain(|entry| entry.key != name);
        self.entries.push(Entry { key: name, at: now, did: wanted });
        match self.script {
            Script::LostAnswer => Err(late()),
            Script::Error500Done if is_first_key => Err(broken()),
            _ => Ok(()),
        }
    }

    /// Refuses what the payment is not in a state for.
    fn allow(&self, wanted: &Did, reference: &Reference, now: i64) -> Result<(), Failure> {
        let state = self.at(now);
        let status = state.as_ref().map(|state| state.status);
        let left = || {
            let refunds = self.refunds(reference, now);
            let refunded = refunds.iter().filter(|one| one.status != RefundStatus::Failed).map(|one| one.amount);
            let disputes = self.disputes(reference, now);
            let gone = disputes.iter().filter(|one| one.status != DisputeStatus::Won).map(|one| one.amount);
            state.as_ref().map_or(0, |state| state.captured) - refunded.sum::<i64>() - gone.sum::<i64>()
        };
        match *wanted {
            Did::Begin if state.is_none() => Ok(()),
            Did::Capture { amount } if status == Some(PaymentStatus::Authorised) && amount <= self.amount => Ok(()),
            Did::Capture { .. } => Err(Failure::refused("not_capturable", "that much is not held")),
            Did::Void if status.is_some_and(|s| s.is_open() && s != PaymentStatus::Processing) => Ok(()),
            Did::Void if status == Some(PaymentStatus::Voided) => Ok(()),
            Did::Void => Err(Failure::refused("not_voidable", "the payment is under way, taken or given up")),
            Did::Refund { amount, .. } if amount <= left() => Ok(()),
            Did::Refund { .. } => {
                Err(Failure::refused("not_refundable", "that much was not taken, or went back already"))
            }
            Did::Pay | Did::Decline | Did::Fail if status == Some(PaymentStatus::RequiresAction) => Ok(()),
            _ => Err(Failure::refused("unexpected_state", "the payment is not in a state for it")),
        }
    }

    /// The customer acts.
    pub fn act(&mut self, did: Did, reference: &Reference, now: i64) -> Result<(), Failure> {
        self.allow(&did, reference, now)?;
        self.entries.push(Entry { key: String::new(), at: now, did });
        Ok(())
    }
}

/// The error with a code.
pub(super) fn error(code: &str) -> ProviderError {
    let text = match code {
        "card_declined" => "The card was declined.",
        "insufficient_funds" => "The card has insufficient funds.",
        "expired_card" => "The card has expired.",
        _ => "The customer gave up.",
    };
    ProviderError::new(code, text)
}

#[cfg(test)]
#[path = "books/tests.rs"]
mod tests;
