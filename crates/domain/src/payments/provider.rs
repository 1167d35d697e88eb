use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{
    CaptureMode, DisputeStatus, EventId, MethodLabel, MethodName, NoticeKind, OperationId, Payment, PaymentId,
    PaymentKind, PaymentProvider, PaymentStatus, ProviderCode, ProviderMessage, ProviderName, Reference, RefundStatus,
    ReturnUrl,
};
use crate::orders::OrderId;
use crate::{Currency, Money, UtcDateTime};

/// What a provider can do with a currency.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own that a provider answers")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether it can hold money and take it later.
    pub manual_capture: bool,
    /// Whether it can take less than it holds.
    pub partial_capture: bool,
    /// Whether it can take what it holds in several parts. If not, the first capture releases the rest.
    pub multi_capture: bool,
    /// Whether it can give back less than it took.
    pub partial_refund: bool,
    /// The smallest amount, in minor units.
    pub min: i64,
    /// The largest amount, in minor units.
    pub max: i64,
    /// Amounts are multiples of this, in minor units.
    pub step: i64,
    /// How long an order waits for one of its payments.
    pub hold: Duration,
    /// How long it surely repeats its answer under the same key.
    pub key_lifetime: Duration,
}

/// A payment that a provider is to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Which payment it is in the shop.
    pub payment_id: PaymentId,
    /// The order that is paid.
    pub order_id: OrderId,
    /// How people call the order: its number, or its id if it has none.
    pub order_label: String,
    /// What is to be paid.
    pub amount: Money,
    /// Whether the money is taken at once.
    pub capture: CaptureMode,
    /// The way to pay that the customer chose.
    pub method: Option<MethodName>,
    /// Where the customer's browser returns to.
    pub return_url: Option<ReturnUrl>,
}

/// What went wrong, as the provider says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderError {
    /// The provider's own code of the error, for programs.
    pub code: ProviderCode,
    /// Its message, for people.
    pub text: ProviderMessage,
}

impl ProviderError {
    /// What a provider says, shortened to what is kept.
    pub fn new(code: &str, text: &str) -> Self {
        Self { code: ProviderCode::new(code), text: ProviderMessage::new(text) }
    }

    /// The same without its message, which may tell of a person.
    #[must_use]
    pub fn without_text(self) -> Self {
        Self { text: ProviderMessage::new(""), ..self }
    }
}

/// The answer of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderAnswer<T> {
    /// The provider carried out the request.
    Done(T),
    /// It did nothing, and will not.
    Refused {
        /// Why.
        error: ProviderError,
        /// Whether the customer may succeed with another try, such as with another card.
        is_retryable: bool,
    },
    /// Nobody knows. It never means that nothing happened: a time-out, a broken connection, a 5xx, a 409 or a 429.
    Unknown {
        /// When to ask again, if the provider says so.
        retry_after: Option<Duration>,
        /// Whether the provider repeats this failure under the same key for as long as it keeps the key, as with a 500.
        /// The same key then never succeeds.
        is_kept: bool,
        /// What happened, for the log and for the staff. No secret.
        error: ProviderError,
    },
}

/// What a provider says of a payment now. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// How the provider calls the payment.
    pub reference: Reference,
    /// The order that the provider was given; `None` if it is not of this shop.
    pub order_id: Option<OrderId>,
    /// The payment that the provider was given; `None` if it is not of this shop.
    pub payment_id: Option<PaymentId>,
    /// How far it has come, in the words of the shop.
    pub status: PaymentStatus,
    /// Of all amounts here.
    pub currency: Currency,
    /// What was to be paid.
    pub amount: i64,
    /// What was held for the shop at most.
    pub authorised: i64,
    /// What was taken.
    pub captured: i64,
    /// All of them, also those that the shop did not ask for.
    pub refunds: Vec<ProviderRefund>,
    /// All of them, also those that are decided.
    pub disputes: Vec<ProviderDispute>,
    /// Until when the money is held.
    pub authorised_until: Option<UtcDateTime>,
    /// How it was paid, for people.
    pub method_label: Option<MethodLabel>,
    /// What the customer has to do. It may hold secrets, and is not stored.
    pub next_action: NextAction,
    /// What went wrong last.
    pub error: Option<ProviderError>,
}

impl Snapshot {
    /// A payment as the shop knows it, without its refunds and disputes: it changes nothing. For providers that keep no
    /// books of their own.
    pub fn of(payment: &Payment, reference: Reference) -> Self {
        Self {
            reference,
            order_id: Some(payment.order_id),
            payment_id: Some(payment.id),
            status: payment.status,
            currency: payment.currency,
            amount: payment.amount,
            authorised: payment.authorised,
            captured: payment.captured,
            refunds: Vec::new(),
            disputes: Vec::new(),
            authorised_until: payment.authorised_until,
            method_label: payment.method_label.clone(),
            next_action: NextAction::None,
            error: payment.last_error.clone(),
        }
    }
}

/// A refund, as the provider says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRefund {
    /// How the provider calls it; `None` while it has no name, as long as `operation` says which one it is.
    pub reference: Option<Reference>,
    /// The operation that the provider was given; `None` if the refund was not made by the shop.
    pub operation: Option<OperationId>,
    /// Minor units.
    pub amount: i64,
    /// Whether the money went back.
    pub status: RefundStatus,
}

/// A dispute, as the provider says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDispute {
    /// How the provider calls it.
    pub reference: Reference,
    /// Minor units.
    pub amount: i64,
    /// The provider's reason.
    pub reason: ProviderCode,
    /// Whether it is decided, and for whom.
    pub status: DisputeStatus,
    /// Until when the shop may answer.
    pub due_by: Option<UtcDateTime>,
}

/// What the customer has to do now.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum NextAction {
    /// The customer has nothing to do.
    #[default]
    None,
    /// To pay with the provider's own program in the browser.
    ClientSecret {
        /// The secret that lets the browser pay this payment.
        client_secret: String,
        /// The shop's public key at the provider.
        publishable_key: String,
    },
    /// To go to another page.
    Redirect {
        /// The URL of the page, which may be another host.
        url: String,
    },
    /// To pay by hand.
    Instructions {
        /// What to do, for people: where to send the money.
        text: String,
        /// What names the money, so that the shop finds it.
        reference: String,
    },
    /// To say what a customer of the test provider does.
    Test {
        /// Where to say it.
        path: String,
    },
}

/// It may hold a secret.
impl std::fmt::Debug for NextAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::ClientSecret { .. } => "ClientSecret(…)",
            Self::Redirect { .. } => "Redirect(…)",
            Self::Instructions { .. } => "Instructions(…)",
            Self::Test { .. } => "Test(…)",
        })
    }
}

/// A hint that something happened, as it was read from a request or from a list of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The id of the event at the provider.
    pub event_id: EventId,
    /// What it is about.
    pub kind: NoticeKind,
    /// The payment that it is about; `None` if it is about none.
    pub reference: Option<Reference>,
}

/// A request that is no notice of the provider: its signature is wrong, too old, or missing, or it cannot be read. Has the
/// reason, for the log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadNotice(pub &'static str);

/// The headers of a request.
#[derive(Debug, Clone, Default)]
pub struct Headers(BTreeMap<String, String>);

impl Headers {
    /// Headers by name.
    pub fn new(all: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(all.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
    }

    /// The value of a header. Case does not matter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_ascii_lowercase()).map(String::as_str)
    }
}

/// The providers that are configured, in the order in which they are offered.
#[derive(Clone, Default)]
pub struct PaymentProviders(Arc<[Arc<dyn PaymentProvider>]>);

impl PaymentProviders {
    /// These providers. Their names differ.
    pub fn new(all: impl IntoIterator<Item = Arc<dyn PaymentProvider>>) -> Self {
        Self(all.into_iter().collect())
    }

    /// The provider with this name; `None` if the shop does not use it.
    pub fn get(&self, name: &ProviderName) -> Option<&Arc<dyn PaymentProvider>> {
        self.all().find(|provider| provider.name() == *name)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn PaymentProvider>> {
        self.0.iter()
    }
}

/// What a provider offers to customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMethod {
    /// Its name, for people.
    pub name: String,
    /// What kind of payments it makes.
    pub kind: PaymentKind,
    /// The shop's public key at the provider, for its program in the browser.
    pub publishable_key: Option<String>,
}
