//! What is read of Stripe's objects. Amounts are in Stripe's units, times in seconds since 1970, UTC.

use std::collections::HashMap;

use serde::Deserialize;

/// A payment.
#[derive(Deserialize)]
pub(super) struct Intent {
    pub id: String,
    pub amount: i64,
    pub amount_received: i64,
    pub amount_capturable: i64,
    pub currency: String,
    pub status: String,
    pub client_secret: Option<String>,
    #[serde(default)]
    pub metadata: HashMap<String, String>,
    pub latest_charge: Option<Expandable>,
    pub last_payment_error: Option<IntentError>,
}

impl Intent {
    /// The charge, if it came with the payment.
    pub fn charge(&self) -> Option<&Charge> {
        match self.latest_charge.as_ref()? {
            Expandable::Charge(charge) => Some(charge),
            Expandable::Id(_) => None,
        }
    }
}

/// A charge, or only its id.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Expandable {
    Charge(Charge),
    Id(serde::de::IgnoredAny),
}

/// An attempt to pay that came through.
#[derive(Deserialize)]
pub(super) struct Charge {
    #[serde(default)]
    pub disputed: bool,
    pub payment_method_details: Option<Method>,
}

/// The means of payment of a charge.
#[derive(Deserialize)]
pub(super) struct Method {
    #[serde(rename = "type")]
    pub kind: String,
    pub card: Option<Card>,
}

#[derive(Deserialize)]
pub(super) struct Card {
    pub brand: Option<String>,
    pub last4: Option<String>,
    /// When the authorisation ends.
    pub capture_before: Option<i64>,
}

/// Why the last attempt did not come through.
#[derive(Deserialize)]
pub(super) struct IntentError {
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub message: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Refund {
    pub id: String,
    pub amount: i64,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    pub status: String,
    pub metadata: Option<HashMap<String, String>>,
}

#[derive(Deserialize)]
pub(super) struct Dispute {
    pub id: String,
    pub amount: i64,
    pub status: String,
    pub reason: String,
    pub evidence_details: Option<Evidence>,
}

#[derive(Deserialize)]
pub(super) struct Evidence {
    pub due_by: Option<i64>,
}

/// A page of a list, newest first.
#[derive(Deserialize)]
pub(super) struct List<T> {
    pub data: Vec<T>,
    pub has_more: bool,
}

/// A webhook event. Only the id of its object counts: the state of the payment is then fetched.
#[derive(Deserialize)]
pub(super) struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub data: EventData,
}

#[derive(Deserialize)]
pub(super) struct EventData {
    pub object: EventObject,
}

#[derive(Deserialize)]
pub(super) struct EventObject {
    pub id: Option<String>,
    pub object: Option<String>,
    pub payment_intent: Option<String>,
}
