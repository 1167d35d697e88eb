//! The test provider: it moves no money, keeps its books in the database, and fails in every way that a real one does.

mod books;
mod script;

use std::sync::Arc;
use std::time::Duration;

use application::Clock;
use async_trait::async_trait;
use domain::orders::OrderId;
use domain::payments::{
    BadNotice, Capabilities, EventId, Headers, MethodLabel, NewPayment, NextAction, Notice, NoticeKind, OperationKey,
    PaymentId, PaymentKind, PaymentMethod, PaymentProvider, PaymentStatus, ProviderAnswer, ProviderName, Reference,
    Snapshot,
};
use domain::{Currency, Money, Price, StoreError, UtcDateTime};
use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::failure::{Failure, outcome};
use crate::db::{TestPayment, TestPayments};
use books::{Books, Did, error};
use script::Script;

const NAME: &str = "test";
/// How long a key surely stands for its answer.
const KEY_LIFETIME: Duration = Duration::from_hours(20);
/// How often a payment is read again because another server changed it at the same time.
const RETRIES: usize = 10;

/// Takes a notice, as the webhook of the shop does.
pub type Deliver = Arc<dyn Fn(Notice) -> BoxFuture<'static, ()> + Send + Sync>;

/// What the customer of a test payment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestAct {
    /// Pays.
    Pay,
    /// The bank declines. The customer may try again.
    Decline,
    /// Gives up.
    Fail,
}

/// Why a customer of the test provider cannot act.
#[derive(Debug, thiserror::Error)]
pub enum CannotAct {
    /// There is no such payment.
    #[error("there is no such payment at the test provider")]
    Unknown,
    /// The payment waits for nobody.
    #[error("the payment does not wait for its customer")]
    NotWaiting,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A provider that moves no money. Requests to the API act as its customers.
pub struct TestProvider {
    payments: TestPayments,
    clock: Arc<dyn Clock>,
    hold: Duration,
    deliver: Deliver,
}

impl TestProvider {
    /// With its books in this database. An order waits for `hold` for one of its payments.
    pub fn new(payments: TestPayments, clock: Arc<dyn Clock>, hold: Duration, deliver: Deliver) -> Self {
        Self { payments, clock, hold, deliver }
    }

    /// Does what the customer of a payment does.
    ///
    /// # Errors
    /// See [`CannotAct`].
    pub async fn act(&self, reference: &Reference, act: TestAct) -> Result<(), CannotAct> {
        let did = match act {
            TestAct::Pay => Did::Pay,
            TestAct::Decline => Did::Decline,
            TestAct::Fail => Did::Fail,
        };
        for _ in 0..RETRIES {
            let Some(payment) = self.payments.get(reference.as_str()).await? else { return Err(CannotAct::Unknown) };
            let mut books = books_of(&payment)?;
            books.act(did.clone(), reference, self.now()).map_err(|_| CannotAct::NotWaiting)?;
            if self.payments.replace(&written(&payment, &books)?).await? {
                self.tell(&payment, &books, std::slice::from_ref(reference)).await;
                return Ok(());
            }
        }
        Err(CannotAct::Store(StoreError::Unavailable("the payment is changed all the time".into())))
    }

    fn now(&self) -> i64 {
        micros(self.clock.now())
    }

    /// Reads a payment, lets it be operated on, and writes it; again if another server was faster.
    async fn operate(&self, key: &OperationKey, reference: &Reference, did: Did) -> Result<Snapshot, Failure> {
        for _ in 0..RETRIES {
            let payment = self.payments.get(reference.as_str()).await.map_err(|cause| unreachable(&cause))?;
            let payment = payment.ok_or_else(unknown_payment)?;
            if let Some(snapshot) = self.change(key, reference, did.clone(), &payment, false).await? {
                return Ok(snapshot);
            }
        }
        Err(Failure::unknown("busy", "the payment is changed all the time"))
    }

    /// `None` if another server was faster.
    async fn change(
        &self,
        key: &OperationKey,
        reference: &Reference,
        did: Did,
        payment: &TestPayment,
        is_new: bool,
    ) -> Result<Option<Snapshot>, Failure> {
        let mut books = books_of(payment).map_err(|cause| unreachable(&cause))?;
        let (before, now) = (books.entries.clone(), self.now());
        let operated = books.operate(key, did, reference, now);
        if books.entries != before {
            let row = written(payment, &books).map_err(|cause| unreachable(&cause))?;
            let written = if is_new { self.payments.insert(&row).await } else { self.payments.replace(&row).await };
            if !written.map_err(|cause| unreachable(&cause))? {
                return Ok(None);
            }
            self.tell(payment, &books, std::slice::from_ref(reference)).await;
        }
        operated?;
        snapshot(payment, &books, reference, now).ok_or_else(unknown_payment).map(Some)
    }

    /// Sends the notices of the last entry, as the script says: before the answer, twice, or followed by those of all earlier
    /// entries, the last one first.
    async fn tell(&self, payment: &TestPayment, books: &Books, references: &[Reference]) {
        let notices = references.iter().filter_map(|reference| notice(reference, books.entries.len()));
        let mut notices: Vec<_> = notices.collect();
        let script = Script::parse(&payment.script);
        match script {
            Some(Script::WebhookTwice) => notices.extend(notices.clone()),
            Some(Script::WebhookReversed) => {
                let earlier = (1..books.entries.len()).rev();
                notices.extend(references.iter().flat_map(|one| earlier.clone().filter_map(|step| notice(one, step))));
            }
            _ => {}
        }
        let deliver = self.deliver.clone();
        let delivery = async move {
            for notice in notices {
                deliver(notice).await;
            }
        };
        if script == Some(Script::WebhookEarly) {
            delivery.await;
        } else {
            tokio::spawn(delivery);
        }
    }

    async fn snapshot(&self, reference: &Reference) -> Result<Option<Snapshot>, Failure> {
        let Some(payment) = self.payments.get(reference.as_str()).await.map_err(|cause| unreachable(&cause))? else {
            return Ok(None);
        };
        Ok(snapshot(&payment, &books_of(&payment).map_err(|cause| unreachable(&cause))?, reference, self.now()))
    }

    async fn begin(&self, key: &OperationKey, new: &NewPayment) -> Result<Snapshot, Failure> {
        let method = new.method.as_ref().map_or("ok", |method| method.as_str());
        let Some(script) = Script::parse(method) else {
            let why = format!("the test provider has no way to pay {method}, only {}", Script::names());
            return Err(Failure::refused("unknown_method", &why));
        };
        let reference = reference_of(new.payment_id)?;
        for _ in 0..RETRIES {
            let known = self.payments.get(reference.as_str()).await.map_err(|cause| unreachable(&cause))?;
            let is_new = known.is_none();
            let payment = known.unwrap_or_else(|| TestPayment::new(&reference, new, script.as_str(), self.now()));
            if let Some(snapshot) = self.change(key, &reference, Did::Begin, &payment, is_new).await? {
                return Ok(snapshot);
            }
        }
        Err(Failure::unknown("busy", "the payment is changed all the time"))
    }
}

fn micros(at: UtcDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

/// The payment has the same name however often it is begun.
fn reference_of(payment: PaymentId) -> Result<Reference, Failure> {
    Reference::parse(&format!("test_{payment}")).map_err(|_| unknown_payment())
}

fn unknown_payment() -> Failure {
    Failure::refused("unknown_payment", "the test provider has no such payment")
}

fn unreachable(cause: &StoreError) -> Failure {
    tracing::warn!(error = cause as &dyn std::error::Error, "the books of the test provider cannot be reached");
    Failure::unknown("connection", "the books of the test provider cannot be reached")
}

fn notice(reference: &Reference, step: usize) -> Option<Notice> {
    Some(Notice {
        event_id: EventId::parse(&format!("{}_e{step}", reference.as_str())).ok()?,
        kind: NoticeKind::parse("payment.changed").ok()?,
        reference: Some(reference.clone()),
    })
}

fn books_of(payment: &TestPayment) -> Result<Books, StoreError> {
    let script = Script::parse(&payment.script);
    let entries = serde_json::from_str(&payment.journal).ok();
    let broken = || StoreError::corrupt(format!("the test payment {} is broken", payment.reference));
    let (script, entries) = script.zip(entries).ok_or_else(broken)?;
    Ok(Books { script, capture: payment.capture, amount: payment.amount, entries })
}

/// The row with what has changed.
fn written(payment: &TestPayment, books: &Books) -> Result<TestPayment, StoreError> {
    let journal = serde_json::to_string(&books.entries).map_err(|error| StoreError::Internal(error.into()))?;
    Ok(TestPayment { journal, ..payment.clone() })
}

/// What the provider says; `None` if the payment was never begun.
fn snapshot(payment: &TestPayment, books: &Books, reference: &Reference, now: i64) -> Option<Snapshot> {
    let state = books.at(now)?;
    let other = PaymentStatus::RequiresAction;
    let next_action = if state.status == other {
        NextAction::Test { path: format!("/api/v1/test-provider/{}/act", reference.as_str()) }
    } else {
        NextAction::None
    };
    let wrong_order = books.script == Script::WrongOrder;
    Some(Snapshot {
        reference: reference.clone(),
        // The id of the payment is certainly not that of its order.
        order_id: Some(if wrong_order { OrderId(payment.payment_id) } else { OrderId(payment.order_id) }),
        payment_id: Some(PaymentId(payment.payment_id)),
        status: state.status,
        currency: payment.currency,
        amount: payment.amount + i64::from(books.script == Script::WrongAmount),
        authorised: state.authorised,
        captured: state.captured,
        refunds: books.refunds(reference, now),
        disputes: books.disputes(reference, now),
        authorised_until: None,
        method_label: MethodLabel::parse(&format!("Test {}", payment.script)).ok(),
        next_action,
        error: state.error.map(error),
    })
}

/// A notice, as it is sent to the webhook by hand.
#[derive(Deserialize)]
struct Sent {
    id: String,
    kind: Option<String>,
    reference: Option<String>,
}

#[async_trait]
impl PaymentProvider for TestProvider {
    fn name(&self) -> ProviderName {
        ProviderName::from_trusted(NAME.to_owned())
    }

    fn method(&self) -> PaymentMethod {
        PaymentMethod { name: "Test payment".to_owned(), kind: PaymentKind::Test, publishable_key: None }
    }

    fn capabilities(&self, _: Currency) -> Option<Capabilities> {
        Some(Capabilities {
            manual_capture: true,
            partial_capture: true,
            multi_capture: false,
            partial_refund: true,
            min: 1,
            max: Price::MAX,
            step: 1,
            hold: self.hold,
            key_lifetime: KEY_LIFETIME,
        })
    }

    async fn begin(&self, key: &OperationKey, new: &NewPayment) -> ProviderAnswer<Snapshot> {
        outcome(self.begin(key, new).await)
    }

    async fn capture(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot> {
        outcome(self.operate(key, reference, Did::Capture { amount: amount.amount }).await)
    }

    async fn void(&self, key: &OperationKey, reference: &Reference) -> ProviderAnswer<Snapshot> {
        outcome(self.operate(key, reference, Did::Void).await)
    }

    async fn refund(&self, key: &OperationKey, reference: &Reference, amount: Money) -> ProviderAnswer<Snapshot> {
        let did = Did::Refund { operation: key.operation.0, amount: amount.amount };
        outcome(self.operate(key, reference, did).await)
    }

    async fn fetch(&self, reference: &Reference) -> ProviderAnswer<Snapshot> {
        outcome(self.snapshot(reference).await.and_then(|found| found.ok_or_else(unknown_payment)))
    }

    async fn find(&self, payment: &PaymentId, _: UtcDateTime, _: UtcDateTime) -> ProviderAnswer<Option<Snapshot>> {
        let found = async { self.snapshot(&reference_of(*payment)?).await };
        outcome(found.await)
    }

    /// None: each notice is handed over as soon as it is made.
    async fn missed(&self, _: UtcDateTime) -> ProviderAnswer<Vec<Notice>> {
        ProviderAnswer::Done(Vec::new())
    }

    /// Reads `{"id": …, "kind": …, "reference": …}`. It has no signature: a notice only lets the books be read, and this
    /// provider has no place in a shop that sells.
    fn read_notice(&self, _: &Headers, raw: &[u8], _: UtcDateTime) -> Result<Notice, BadNotice> {
        let bad = BadNotice("it is no notice of the test provider");
        let sent: Sent = serde_json::from_slice(raw).map_err(|_| bad)?;
        Ok(Notice {
            event_id: EventId::parse(&sent.id).map_err(|_| bad)?,
            kind: NoticeKind::parse(sent.kind.as_deref().unwrap_or("payment.changed")).map_err(|_| bad)?,
            reference: sent.reference.map(|one| Reference::parse(&one)).transpose().map_err(|_| bad)?,
        })
    }
}
