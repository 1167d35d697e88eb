use application::payments::Acted;
use domain::orders::OrderBalance;
use domain::payments::{
    CaptureMode, Finding, NextAction, OperationKind, OperationStatus, Payment, PaymentId, PaymentKind,
    PaymentOperation, PaymentStatus, ProviderError, ProviderName,
};
use serde::Serialize;

use crate::example;
use crate::respond::{Begun, Body, CarriedOut, Id, Money, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// One way in which a customer pays for an order.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Payment")]
pub(crate) struct PaymentBody {
    id: Id,
    order_id: Id,
    /// Who moves the money.
    provider: String,
    kind: Word<PaymentKind>,
    status: Word<PaymentStatus>,
    /// Whether money is taken at once.
    capture: Word<CaptureMode>,
    /// What is to be paid by it.
    amount: Money,
    /// What was held for the shop at most.
    authorised: Money,
    /// What was taken.
    captured: Money,
    /// What of it was held and not taken, and is not held any more.
    released: Money,
    /// What went back.
    refunded: Money,
    /// What is gone, or may be, because the customer disputes it at the bank.
    disputed: Money,
    /// How it was paid, for people.
    method_label: Option<String>,
    /// How the provider calls it.
    reference: Option<String>,
    /// What the customer has to do. Only in answers to requests that reach the provider.
    next_action: Option<NextActionBody>,
    last_error: Option<PaymentErrorBody>,
    /// Until when the money is held.
    authorised_until: Option<Timestamp>,
    /// What does not add up, for staff: `payment_of_another_order`, `contradiction`, `overpaid` or
    /// `unknown_operation`. More may come.
    finding: Option<&'static str>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    /// What the provider was asked: for staff, and only of the payment itself.
    operations: Option<Vec<OperationBody>>,
}

/// What a customer has to do. What goes with it depends on `type`; the rest is null.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "NextAction")]
pub(crate) struct NextActionBody {
    /// `none`, `client_secret`, `redirect`, `instructions` or `test`.
    r#type: &'static str,
    /// For the provider's program in the browser.
    client_secret: Option<String>,
    publishable_key: Option<String>,
    /// The page to go to.
    url: Option<String>,
    /// What to do by hand.
    text: Option<String>,
    /// What names the money, so that the shop finds it.
    reference: Option<String>,
    /// Where to say what the customer of the test provider does.
    path: Option<String>,
}

/// What went wrong last, as the provider says it.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PaymentError")]
pub(crate) struct PaymentErrorBody {
    code: String,
    message: String,
}

/// Something that a provider was asked to do.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PaymentOperation")]
pub(crate) struct OperationBody {
    id: Id,
    kind: Word<OperationKind>,
    status: Word<OperationStatus>,
    amount: Option<Money>,
    /// How often it was tried.
    attempts: i64,
    last_error: Option<PaymentErrorBody>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl NextActionBody {
    const NONE: Self = Self {
        r#type: "none",
        client_secret: None,
        publishable_key: None,
        url: None,
        text: None,
        reference: None,
        path: None,
    };

    /// What the customer has to do. Only the customer gets the secret of the payment.
    fn of(action: NextAction, is_customer: bool) -> Self {
        match action {
            NextAction::ClientSecret { client_secret, publishable_key } if is_customer => Self {
                r#type: "client_secret",
                client_secret: Some(client_secret),
                publishable_key: Some(publishable_key),
                ..Self::NONE
            },
            NextAction::None | NextAction::ClientSecret { .. } => Self::NONE,
            NextAction::Redirect { url } => Self { r#type: "redirect", url: Some(url), ..Self::NONE },
            NextAction::Instructions { text, reference } => {
                Self { r#type: "instructions", text: Some(text), reference: Some(reference), ..Self::NONE }
            }
            NextAction::Test { path } => Self { r#type: "test", path: Some(path), ..Self::NONE },
        }
    }
}

impl From<&ProviderError> for PaymentErrorBody {
    fn from(error: &ProviderError) -> Self {
        Self { code: error.code.as_str().to_owned(), message: error.text.as_str().to_owned() }
    }
}

impl OperationBody {
    fn of(operation: &PaymentOperation, payment: &Payment) -> Self {
        Self {
            id: Id(operation.id.0),
            kind: operation.kind.as_str().into(),
            status: operation.status.as_str().into(),
            amount: operation.amount.map(|amount| payment.money(amount).into()),
            attempts: operation.attempts,
            last_error: operation.error.as_ref().map(PaymentErrorBody::from),
            created_at: Timestamp(operation.created_at),
            finished_at: operation.finished_at.map(Timestamp),
        }
    }
}

impl From<&Payment> for PaymentBody {
    fn from(payment: &Payment) -> Self {
        let money = |amount| payment.money(amount).into();
        let is_open = payment.status == PaymentStatus::Authorised;
        Self {
            id: Id(payment.id.0),
            order_id: Id(payment.order_id.0),
            provider: payment.provider.to_string(),
            kind: payment.kind.as_str().into(),
            status: payment.status.as_str().into(),
            capture: payment.capture.as_str().into(),
            amount: money(payment.amount),
            authorised: money(payment.authorised),
            captured: money(payment.captured),
            released: money(if is_open { 0 } else { payment.authorised - payment.captured }),
            refunded: money(payment.refunded),
            disputed: money(payment.disputed),
            method_label: payment.method_label.as_ref().map(|label| label.as_str().to_owned()),
            reference: payment.reference.as_ref().map(|reference| reference.as_str().to_owned()),
            next_action: None,
            last_error: payment.last_error.as_ref().map(PaymentErrorBody::from),
            authorised_until: payment.authorised_until.map(Timestamp),
            finding: payment.finding.map(Finding::as_str),
            created_at: Timestamp(payment.created_at),
            updated_at: Timestamp(payment.updated_at),
            version: payment.version.0,
            operations: None,
        }
    }
}

impl PaymentBody {
    /// The payment with what the customer has to do, for the customer or for staff.
    pub(super) fn acting(self, action: NextAction, is_customer: bool) -> Self {
        Self { next_action: Some(NextActionBody::of(action, is_customer)), ..self }
    }

    /// The payment with what its provider was asked.
    pub(super) fn with(self, payment: &Payment, operations: &[PaymentOperation]) -> Self {
        let operations = operations.iter().map(|operation| OperationBody::of(operation, payment)).collect();
        Self { operations: Some(operations), ..self }
    }
}

/// Where a payment is found.
pub(super) fn location(id: PaymentId) -> String {
    format!("/api/v1/payments/{id}")
}

/// The response to the beginning of a payment.
pub(super) fn begun(acted: Acted, is_customer: bool) -> Begun<PaymentBody> {
    Begun {
        location: location(acted.payment.id),
        body: PaymentBody::from(&acted.payment).acting(acted.next_action, is_customer),
        is_finished: acted.is_finished,
        is_new: acted.is_new,
        is_replayed: acted.is_replayed,
    }
}

/// The response to something that was done about a payment.
pub(super) fn carried_out(acted: Acted, is_customer: bool) -> CarriedOut<PaymentBody> {
    let Begun { body, location, is_finished, is_new, is_replayed } = begun(acted, is_customer);
    CarriedOut { body, location, is_finished, is_new, is_replayed }
}

/// The payment of the examples.
pub(crate) fn example_payment() -> Payment {
    let order = example::order();
    let card = (ProviderName::from_trusted("stripe".to_owned()), PaymentKind::Card);
    let owed = OrderBalance::free(&order, example::NOW);
    Payment {
        status: PaymentStatus::RequiresAction,
        last_error: Some(ProviderError::new("card_declined", "Your card was declined.")),
        ..Payment::new(PaymentId(example::id()), &owed, card, order.total, example::NOW)
    }
}

impl ResponseBody for PaymentBody {
    fn example() -> Self {
        let action = NextAction::ClientSecret {
            client_secret: "pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH".to_owned(),
            publishable_key: "pk_test_TYooMQauvdEDq54NiTphI7jx".to_owned(),
        };
        Self::from(&example_payment()).acting(action, true)
    }
}

impl Body for PaymentBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
