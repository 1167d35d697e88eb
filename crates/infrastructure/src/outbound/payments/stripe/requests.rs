//! The forms of Stripe's calls.

use domain::UtcDateTime;
use domain::payments::{CaptureMode, NewPayment, OperationId, OperationKey, Reference};

use super::client::Parameters;
use super::notices::KINDS;

fn pairs(given: &[(&str, &str)]) -> Parameters {
    given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Asks for the latest charge together with the payment.
const WITH_CHARGE: (&str, &str) = ("expand[]", "latest_charge");

/// A new payment of `amount` in Stripe's units.
pub(super) fn begin(key: &OperationKey, new: &NewPayment, amount: i64, method_types: &[String]) -> Parameters {
    let capture = match new.capture {
        CaptureMode::Automatic => "automatic",
        CaptureMode::Manual => "manual",
    };
    let mut form = pairs(&[
        ("amount", &amount.to_string()),
        ("currency", &new.amount.currency.code().to_ascii_lowercase()),
        ("capture_method", capture),
        ("description", &new.order_label),
        ("metadata[order_id]", &new.order_id.to_string()),
        ("metadata[payment_id]", &new.payment_id.to_string()),
        ("metadata[operation_id]", &key.operation.to_string()),
        WITH_CHARGE,
    ]);
    if method_types.is_empty() {
        form.extend(pairs(&[("automatic_payment_methods[enabled]", "true")]));
    }
    form.extend(method_types.iter().map(|one| ("payment_method_types[]".to_owned(), one.clone())));
    form
}

pub(super) fn capture(amount: i64) -> Parameters {
    pairs(&[("amount_to_capture", &amount.to_string()), WITH_CHARGE])
}

pub(super) fn cancel() -> Parameters {
    pairs(&[WITH_CHARGE])
}

pub(super) fn refund(operation: OperationId, reference: &Reference, amount: i64) -> Parameters {
    pairs(&[
        ("payment_intent", reference.as_str()),
        ("amount", &amount.to_string()),
        ("metadata[operation_id]", &operation.to_string()),
    ])
}

pub(super) fn fetch() -> Parameters {
    pairs(&[WITH_CHARGE])
}

/// Selects the objects of a payment, such as its refunds or disputes.
pub(super) fn of(intent: &str) -> Parameters {
    pairs(&[("payment_intent", intent)])
}

/// Payments that were begun between these times. Without an end the list of a busy shop would grow until nobody reads it in
/// time.
pub(super) fn between(since: UtcDateTime, until: UtcDateTime) -> Parameters {
    pairs(&[
        ("created[gte]", &since.unix_timestamp().to_string()),
        ("created[lte]", &until.unix_timestamp().to_string()),
        ("expand[]", "data.latest_charge"),
    ])
}

/// Events since then of which Stripe knows that they did not reach the shop.
pub(super) fn undelivered(since: UtcDateTime) -> Parameters {
    let mut query = pairs(&[("delivery_success", "false"), ("created[gte]", &since.unix_timestamp().to_string())]);
    query.extend(KINDS.iter().map(|kind| ("types[]".to_owned(), (*kind).to_owned())));
    query
}
