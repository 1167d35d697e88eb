//! What Stripe says of a payment, in our words.

use std::collections::HashMap;

use domain::orders::OrderId;
use domain::payments::{
    DisputeStatus, MethodLabel, NextAction, OperationId, PaymentId, PaymentStatus, ProviderCode, ProviderDispute,
    ProviderError, ProviderRefund, Reference, RefundStatus, Snapshot,
};
use domain::{Currency, UtcDateTime, Uuid};

use super::amounts::Counting;
use super::objects::{Dispute, Intent, IntentError, Method, Refund};
use crate::outbound::payments::failure::Failure;

/// # Errors
/// Stripe says something that this version does not know: nobody knows then what happened.
pub(super) fn of(
    intent: &Intent,
    refunds: &[Refund],
    disputes: &[Dispute],
    publishable_key: &str,
) -> Result<Snapshot, Failure> {
    let unreadable = |what: &str| Failure::kept("unreadable", &format!("Stripe's {what} cannot be read"));
    let currency = Currency::parse(&intent.currency.to_ascii_uppercase()).map_err(|_| unreadable("currency"))?;
    let counting = Counting::of(currency).ok_or_else(|| unreadable("currency"))?;
    let amount = |theirs: i64| counting.in_minor_units(theirs).ok_or_else(|| unreadable("amount"));
    let reference = |id: &str| Reference::parse(id).map_err(|_| unreadable("id"));
    let status = status(&intent.status).ok_or_else(|| unreadable("status"))?;
    let captured = amount(intent.amount_received)?;
    let refund = |refund: &Refund| {
        Ok(ProviderRefund {
            reference: Some(reference(&refund.id)?),
            operation: refund.metadata.as_ref().and_then(|metadata| id_in(metadata, "operation_id")).map(OperationId),
            amount: amount(refund.amount)?,
            status: refund_status(&refund.status).ok_or_else(|| unreadable("status of a refund"))?,
        })
    };
    let dispute = |dispute: &Dispute, status| {
        Ok(ProviderDispute {
            reference: reference(&dispute.id)?,
            amount: amount(dispute.amount)?,
            reason: ProviderCode::new(&dispute.reason),
            status,
            due_by: dispute.evidence_details.as_ref().and_then(|evidence| time(evidence.due_by)),
        })
    };
    let moved = |one: &Dispute| match one.status.as_str() {
        "needs_response" | "under_review" => Ok(Some(DisputeStatus::Open)),
        "won" => Ok(Some(DisputeStatus::Won)),
        "lost" => Ok(Some(DisputeStatus::Lost)),
        // A question of the bank, or a dispute that was kept off: no money has moved.
        "warning_needs_response" | "warning_under_review" | "warning_closed" | "prevented" => Ok(None),
        _ => Err(unreadable("status of a dispute")),
    };
    let with_money = disputes.iter().filter_map(|one| Some((one, moved(one).transpose()?)));
    let card = intent.charge().and_then(|charge| charge.payment_method_details.as_ref());
    Ok(Snapshot {
        reference: reference(&intent.id)?,
        order_id: id_in(&intent.metadata, "order_id").map(OrderId),
        payment_id: id_in(&intent.metadata, "payment_id").map(PaymentId),
        status,
        currency,
        amount: amount(intent.amount)?,
        authorised: captured + amount(intent.amount_capturable)?,
        captured,
        refunds: refunds.iter().map(refund).collect::<Result<_, _>>()?,
        disputes: with_money.map(|(one, status)| dispute(one, status?)).collect::<Result<_, _>>()?,
        authorised_until: card
            .and_then(|method| time(method.card.as_ref()?.capture_before))
            .filter(|_| status == PaymentStatus::Authorised),
        method_label: card.and_then(label),
        next_action: next_action(intent, status, publishable_key),
        error: intent.last_payment_error.as_ref().map(error),
    })
}

fn status(theirs: &str) -> Option<PaymentStatus> {
    Some(match theirs {
        "requires_payment_method" | "requires_confirmation" | "requires_action" => PaymentStatus::RequiresAction,
        "processing" => PaymentStatus::Processing,
        "requires_capture" => PaymentStatus::Authorised,
        "succeeded" => PaymentStatus::Captured,
        "canceled" => PaymentStatus::Voided,
        _ => return None,
    })
}

fn refund_status(theirs: &str) -> Option<RefundStatus> {
    Some(match theirs {
        "pending" | "requires_action" => RefundStatus::Pending,
        "succeeded" => RefundStatus::Succeeded,
        "failed" | "canceled" => RefundStatus::Failed,
        _ => return None,
    })
}

/// An id in what we gave Stripe.
fn id_in(metadata: &HashMap<String, String>, name: &str) -> Option<Uuid> {
    Uuid::try_parse(metadata.get(name)?).ok()
}

fn time(seconds: Option<i64>) -> Option<UtcDateTime> {
    UtcDateTime::from_unix_timestamp(seconds?).ok()
}

/// `Visa •••• 4242`, or the way to pay.
fn label(method: &Method) -> Option<MethodLabel> {
    let card = method.card.as_ref();
    let name = card.and_then(|card| card.brand.as_deref()).unwrap_or(&method.kind).replace('_', " ");
    let mut letters = name.chars();
    let name: String = letters.next()?.to_uppercase().chain(letters).collect();
    let label = card.and_then(|card| card.last4.as_deref()).map(|digits| format!("{name} •••• {digits}"));
    MethodLabel::parse(&label.unwrap_or(name)).ok()
}

fn error(error: &IntentError) -> ProviderError {
    let code = error.decline_code.as_deref().or(error.code.as_deref()).unwrap_or("payment_failed");
    ProviderError::new(code, error.message.as_deref().unwrap_or_default())
}

/// The browser goes on with the secret, as long as the customer has something to do.
fn next_action(intent: &Intent, status: PaymentStatus, publishable_key: &str) -> NextAction {
    match &intent.client_secret {
        Some(client_secret) if status == PaymentStatus::RequiresAction => NextAction::ClientSecret {
            client_secret: client_secret.clone(),
            publishable_key: publishable_key.to_owned(),
        },
        _ => NextAction::None,
    }
}

#[cfg(test)]
#[path = "snapshot/tests.rs"]
mod tests;
