//! What Stripe keeps, and what its calls do to it. Amounts are in Stripe's units.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// An error as Stripe answers it.
pub struct Refusal {
    pub status: u16,
    pub kind: &'static str,
    pub code: Option<String>,
    pub message: String,
}

pub type Answer = Result<Value, Refusal>;

fn refuse(code: &str, message: impl Into<String>) -> Refusal {
    let kind = "invalid_request_error";
    Refusal { status: 400, kind, code: Some(code.to_owned()).filter(|code| !code.is_empty()), message: message.into() }
}

#[derive(Clone)]
struct Intent {
    id: String,
    amount: i64,
    currency: String,
    is_manual: bool,
    status: &'static str,
    received: i64,
    capturable: i64,
    metadata: BTreeMap<String, String>,
    created: i64,
    declined: Option<String>,
}

#[derive(Clone)]
struct Refund {
    id: String,
    intent: String,
    amount: i64,
    status: &'static str,
    metadata: BTreeMap<String, String>,
}

#[derive(Clone)]
struct Dispute {
    id: String,
    intent: String,
    amount: i64,
    status: &'static str,
    created: i64,
}

#[derive(Clone)]
pub struct Event {
    pub id: String,
    pub kind: String,
    pub body: String,
    created: i64,
    pub delivered: bool,
}

/// What one payment came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub reference: String,
    pub order_id: String,
    pub payment_id: String,
    pub status: String,
    pub captured: i64,
    pub refunded: i64,
    pub disputed: i64,
}

/// The parameters of a call, in their order.
pub type Parameters = Vec<(String, String)>;

#[derive(Default)]
pub struct Books {
    intents: Vec<Intent>,
    refunds: Vec<Refund>,
    disputes: Vec<Dispute>,
    pub events: Vec<Event>,
    /// For how many seconds after its creation money is held; `None` for a week.
    pub holds_for: Option<i64>,
    /// The status of the next refund, if it does not succeed at once.
    pub next_refund: Option<&'static str>,
    made: u32,
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

fn one<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn number(parameters: &Parameters, name: &str) -> Result<Option<i64>, Refusal> {
    let parse =
        |raw: &str| raw.parse().map_err(|_| refuse("parameter_invalid_integer", format!("Invalid integer: {raw}")));
    one(parameters, name).map(parse).transpose()
}

fn metadata(parameters: &Parameters) -> BTreeMap<String, String> {
    let inner = |name: &str| Some(name.strip_prefix("metadata[")?.strip_suffix(']')?.to_owned());
    parameters.iter().filter_map(|(name, value)| Some((inner(name)?, value.clone()))).collect()
}

/// Refuses parameters that the call does not know, as Stripe does.
fn expect(parameters: &Parameters, known: &[&str]) -> Result<(), Refusal> {
    let is_known = |name: &str| known.iter().any(|one| *one == name || name.starts_with(&format!("{one}[")));
    match parameters.iter().find(|(name, _)| !is_known(name)) {
        Some((name, _)) => Err(refuse("parameter_unknown", format!("Received unknown parameter: {name}"))),
        None => Ok(()),
    }
}

impl Books {
    /// Does what a call asks for. `path` begins after `/v1/`.
    pub fn call(&mut self, method: &str, path: &str, parameters: &Parameters) -> Answer {
        match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
            ("POST", ["payment_intents"]) => self.create(parameters),
            ("POST", ["payment_intents", id, "capture"]) => self.capture(id, parameters),
            ("POST", ["payment_intents", id, "cancel"]) => self.cancel(id, parameters),
            ("POST", ["refunds"]) => {
                expect(parameters, &["payment_intent", "amount", "metadata"])?;
                let intent = one(parameters, "payment_intent").unwrap_or_default().to_owned();
                let refund = self.refund(&intent, number(parameters, "amount")?, metadata(parameters))?;
                Ok(refund_json(&refund))
            }
            ("GET", ["payment_intents", id]) => {
                expect(parameters, &["expand"])?;
                let expands = parameters.iter().any(|(_, value)| value == "latest_charge");
                let intent = self.intent(id)?.clone();
                Ok(self.intent_json(&intent, expands))
            }
            ("GET", ["payment_intents"]) => {
                expect(parameters, &["created", "limit", "starting_after", "expand"])?;
                let expands = parameters.iter().any(|(_, value)| value == "data.latest_charge");
                let since = number(parameters, "created[gte]")?.unwrap_or_default();
                let until = number(parameters, "created[lte]")?.unwrap_or(i64::MAX);
                let newest_first = self.intents.iter().rev().filter(|one| (since..=until).contains(&one.created));
                page(&newest_first.map(|intent| self.intent_json(intent, expands)).collect::<Vec<_>>(), parameters)
            }
            ("GET", ["refunds"]) => {
                expect(parameters, &["payment_intent", "limit", "starting_after"])?;
                let intent = one(parameters, "payment_intent").unwrap_or_default();
                let own = self.refunds.iter().rev().filter(|refund| refund.intent == intent);
                page(&own.map(refund_json).collect::<Vec<_>>(), parameters)
            }
            ("GET", ["disputes"]) => {
                expect(parameters, &["payment_intent", "limit", "starting_after"])?;
                let intent = one(parameters, "payment_intent").unwrap_or_default();
                let own = self.disputes.iter().rev().filter(|dispute| dispute.intent == intent);
                page(&own.map(dispute_json).collect::<Vec<_>>(), parameters)
            }
            ("GET", ["events"]) => {
                expect(parameters, &["delivery_success", "created", "types", "limit", "starting_after"])?;
                let types: Vec<_> = parameters.iter().filter(|(name, _)| name == "types[]").map(|(_, v)| v).collect();
                if types.len() > 20 {
                    return Err(refuse("", "types: at most 20"));
                }
                let delivered = one(parameters, "delivery_success").map(|value| value == "true");
                let since = number(parameters, "created[gte]")?.unwrap_or_default();
                let wanted = self.events.iter().rev().filter(|event| {
                    event.created >= since
                        && delivered.is_none_or(|delivered| event.delivered == delivered)
                        && (types.is_empty() || types.contains(&&event.kind))
                });
                page(&wanted.map(|event| serde_json::from_str(&event.body).unwrap()).collect::<Vec<_>>(), parameters)
            }
            _ => Err(Refusal { status: 404, ..refuse("", format!("Unrecognized request URL ({method}: /v1/{path})")) }),
        }
    }

    fn id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}_{:06}", self.made)
    }

    fn intent(&mut self, id: &str) -> Result<&mut Intent, Refusal> {
        let found = self.intents.iter_mut().find(|intent| intent.id == id);
        found.ok_or_else(|| Refusal {
            status: 404,
            ..refuse("resource_missing", format!("No such payment_intent: '{id}'"))
        })
    }

    fn create(&mut self, parameters: &Parameters) -> Answer {
        let known = ["amount", "currency", "capture_method", "automatic_payment_methods", "payment_method_types"];
        expect(parameters, &[&known[..], &["metadata", "description", "expand"]].concat())?;
        let amount = number(parameters, "amount")?.ok_or_else(|| refuse("parameter_missing", "amount"))?;
        let currency = one(parameters, "currency").unwrap_or_default().to_owned();
        if amount < 50 {
            return Err(refuse("amount_too_small", "Amount must be at least 50"));
        }
        if currency.len() != 3 || currency.bytes().any(|byte| !byte.is_ascii_lowercase()) {
            return Err(refuse("", format!("Invalid currency: {currency}")));
        }
        let intent = Intent {
            id: self.id("pi"),
            amount,
            currency,
            is_manual: one(parameters, "capture_method") == Some("manual"),
            status: "requires_payment_method",
            received: 0,
            capturable: 0,
            metadata: metadata(parameters),
            created: now(),
            declined: None,
        };
        self.intents.push(intent.clone());
        Ok(self.tell("payment_intent.created", &intent))
    }

    fn capture(&mut self, id: &str, parameters: &Parameters) -> Answer {
        expect(parameters, &["amount_to_capture", "expand"])?;
        let amount = number(parameters, "amount_to_capture")?;
        let intent = self.intent(id)?;
        if intent.status != "requires_capture" {
            return Err(refuse("payment_intent_unexpected_state", format!("status is {}", intent.status)));
        }
        let amount = amount.unwrap_or(intent.capturable);
        if amount > intent.capturable || amount < 1 {
            return Err(refuse("amount_too_large", "more than amount_capturable"));
        }
        (intent.status, intent.received, intent.capturable) = ("succeeded", amount, 0);
        let intent = intent.clone();
        Ok(self.tell("payment_intent.succeeded", &intent))
    }

    fn cancel(&mut self, id: &str, parameters: &Parameters) -> Answer {
        expect(parameters, &["cancellation_reason", "expand"])?;
        let intent = self.intent(id)?;
        if ["succeeded", "canceled", "processing"].contains(&intent.status) {
            return Err(refuse("payment_intent_unexpected_state", format!("status is {}", intent.status)));
        }
        (intent.status, intent.capturable) = ("canceled", 0);
        let intent = intent.clone();
        Ok(self.tell("payment_intent.canceled", &intent))
    }

    fn refund(&mut self, id: &str, amount: Option<i64>, metadata: BTreeMap<String, String>) -> Result<Refund, Refusal> {
        let received = self.intent(id)?.received;
        let left = received - self.refunded(id);
        let amount = amount.unwrap_or(left);
        if self.disputes.iter().any(|dispute| dispute.intent == id && dispute.status != "won") {
            return Err(refuse("charge_disputed", "the charge is disputed"));
        }
        if left == 0 {
            return Err(refuse("charge_already_refunded", "the charge has already been refunded"));
        }
        if amount > left || amount < 1 {
            let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
            return Err(refuse("", message));
        }
        let status = self.next_refund.take().unwrap_or("succeeded");
        let refund = Refund { id: self.id("re"), intent: id.to_owned(), amount, status, metadata };
        self.refunds.push(refund.clone());
        self.note("refund.created", &refund_json(&refund));
        Ok(refund)
    }

    /// What was refunded, or will be.
    fn refunded(&self, intent: &str) -> i64 {
        let own = self.refunds.iter().filter(|refund| refund.intent == intent);
        own.filter(|refund| !["failed", "canceled"].contains(&refund.status)).map(|refund| refund.amount).sum()
    }

    /// Writes an event about an intent, and returns the intent.
    fn tell(&mut self, kind: &str, intent: &Intent) -> Value {
        let object = self.intent_json(intent, false);
        self.note(kind, &object);
        object
    }

    fn note(&mut self, kind: &str, object: &Value) {
        let id = self.id("evt");
        let body = json!({ "id": id, "object": "event", "type": kind, "created": now(), "data": { "object": object } });
        self.events.push(Event { id, kind: kind.to_owned(), body: body.to_string(), created: now(), delivered: false });
    }

    fn intent_json(&self, intent: &Intent, expands: bool) -> Value {
        let has_charge = ["succeeded", "requires_capture", "processing"].contains(&intent.status);
        let charge = format!("ch_{}", intent.id);
        let ends = intent.created + self.holds_for.unwrap_or(7 * 24 * 3600);
        let details = json!({ "type": "card", "card": {
            "brand": "visa", "last4": "4242",
            "capture_before": (intent.status == "requires_capture").then_some(ends),
        } });
        let expanded = json!({
            "id": charge, "object": "charge", "payment_method_details": details,
            "disputed": self.disputes.iter().any(|dispute| dispute.intent == intent.id),
        });
        let error = intent.declined.as_ref().map(|code| {
            json!({ "type": "card_error", "code": "card_declined", "decline_code": code, "message": "Your card was declined." })
        });
        json!({
            "id": intent.id, "object": "payment_intent", "amount": intent.amount, "currency": intent.currency,
            "status": intent.status, "amount_received": intent.received, "amount_capturable": intent.capturable,
            "client_secret": format!("{}_secret_{}", intent.id, intent.created), "created": intent.created,
            "metadata": intent.metadata, "last_payment_error": error,
            "latest_charge": has_charge.then(|| if expands { expanded } else { json!(charge) }),
        })
    }

    /// The customer pays.
    pub fn pay(&mut self, id: &str) {
        let intent = self.intent(id).unwrap_or_else(|refused| panic!("{}", refused.message));
        let open = ["requires_payment_method", "requires_confirmation", "requires_action", "processing"];
        assert!(open.contains(&intent.status), "{} cannot be paid", intent.status);
        intent.declined = None;
        if intent.is_manual {
            (intent.status, intent.capturable) = ("requires_capture", intent.amount);
            let intent = intent.clone();
            self.tell("payment_intent.amount_capturable_updated", &intent);
        } else {
            (intent.status, intent.received) = ("succeeded", intent.amount);
            let intent = intent.clone();
            self.tell("payment_intent.succeeded", &intent);
        }
    }

    /// The customer pays, unless it is too late. Returns whether the customer could.
    pub fn pay_if_open(&mut self, id: &str) -> bool {
        let is_open = self.intent(id).is_ok_and(|intent| intent.status == "requires_payment_method");
        if is_open {
            self.pay(id);
        }
        is_open
    }

    /// The money of a payment comes, although it was cancelled.
    pub fn pay_late(&mut self, id: &str) {
        let intent = self.intent(id).unwrap_or_else(|refused| panic!("{}", refused.message));
        assert_eq!(intent.status, "canceled");
        (intent.status, intent.received, intent.capturable) = ("succeeded", intent.amount, 0);
        let intent = intent.clone();
        self.tell("payment_intent.succeeded", &intent);
    }

    /// The bank has begun, and will say later whether it pays.
    pub fn process(&mut self, id: &str) {
        let intent = self.intent(id).unwrap_or_else(|refused| panic!("{}", refused.message));
        intent.status = "processing";
        let intent = intent.clone();
        self.tell("payment_intent.processing", &intent);
    }

    /// The bank declines.
    pub fn decline(&mut self, id: &str, code: &str) {
        let intent = self.intent(id).unwrap_or_else(|refused| panic!("{}", refused.message));
        (intent.status, intent.declined) = ("requires_payment_method", Some(code.to_owned()));
        let intent = intent.clone();
        self.tell("payment_intent.payment_failed", &intent);
    }

    /// Somebody refunds on Stripe's own page. Returns the refund.
    pub fn refund_on_page(&mut self, id: &str, amount: i64) -> String {
        self.refund(id, Some(amount), BTreeMap::new()).unwrap_or_else(|refused| panic!("{}", refused.message)).id
    }

    /// [`Books::refund_on_page`], unless less is left.
    pub fn refund_if_left(&mut self, id: &str, amount: i64) {
        drop(self.refund(id, Some(amount), BTreeMap::new()));
    }

    /// Forgets a payment, as if it had been another account's.
    pub fn forget(&mut self, id: &str) {
        self.intents.retain(|intent| intent.id != id);
    }

    /// Changes what is to be paid.
    pub fn change_amount(&mut self, id: &str, amount: i64) {
        self.intent(id).unwrap_or_else(|refused| panic!("{}", refused.message)).amount = amount;
    }

    /// A refund goes on: `succeeded`, `failed`, `canceled`.
    pub fn settle_refund(&mut self, id: &str, status: &'static str) {
        let refund = self.refunds.iter_mut().find(|refund| refund.id == id).unwrap();
        refund.status = status;
        let object = refund_json(refund);
        self.note(if status == "failed" { "refund.failed" } else { "refund.updated" }, &object);
    }

    /// The customer disputes. Returns the dispute.
    pub fn dispute(&mut self, intent: &str, amount: i64, status: &'static str) -> String {
        let dispute = Dispute { id: self.id("dp"), intent: intent.to_owned(), amount, status, created: now() };
        self.disputes.push(dispute.clone());
        self.note("charge.dispute.created", &dispute_json(&dispute));
        dispute.id
    }

    /// A dispute ends: `won`, `lost`.
    pub fn close_dispute(&mut self, id: &str, status: &'static str) {
        let dispute = self.disputes.iter_mut().find(|dispute| dispute.id == id).unwrap();
        dispute.status = status;
        let object = dispute_json(dispute);
        self.note("charge.dispute.closed", &object);
    }

    /// What every payment came to, in order of creation.
    pub fn balances(&self) -> Vec<Balance> {
        let of = |intent: &Intent, key: &str| intent.metadata.get(key).cloned().unwrap_or_default();
        let balance = |intent: &Intent| {
            let own = |dispute: &&Dispute| {
                dispute.intent == intent.id && ["lost", "needs_response", "under_review"].contains(&dispute.status)
            };
            let succeeded = |refund: &&Refund| refund.intent == intent.id && refund.status == "succeeded";
            Balance {
                reference: intent.id.clone(),
                order_id: of(intent, "order_id"),
                payment_id: of(intent, "payment_id"),
                status: intent.status.to_owned(),
                captured: intent.received,
                refunded: self.refunds.iter().filter(succeeded).map(|refund| refund.amount).sum(),
                disputed: self.disputes.iter().filter(own).map(|dispute| dispute.amount).sum(),
            }
        };
        self.intents.iter().map(balance).collect()
    }
}

fn refund_json(refund: &Refund) -> Value {
    let Refund { id, intent, amount, status, metadata } = refund;
    json!({ "id": id, "object": "refund", "payment_intent": intent, "amount": amount, "status": status, "metadata": metadata })
}

fn dispute_json(dispute: &Dispute) -> Value {
    let Dispute { id, intent, amount, status, created } = dispute;
    json!({
        "id": id, "object": "dispute", "payment_intent": intent, "amount": amount, "status": status,
        "reason": "fraudulent", "created": created, "evidence_details": { "due_by": created + 7 * 24 * 3600 },
    })
}

/// A page of a list, newest first.
fn page(items: &[Value], parameters: &Parameters) -> Answer {
    let limit = usize::try_from(number(parameters, "limit")?.unwrap_or(10)).unwrap();
    if !(1..=100).contains(&limit) {
        return Err(refuse("", "limit is 1 to 100"));
    }
    let begin = match one(parameters, "starting_after") {
        Some(id) => 1 + items.iter().position(|item| item["id"] == id).ok_or_else(|| refuse("resource_missing", id))?,
        None => 0,
    };
    let data: Vec<_> = items.iter().skip(begin).take(limit).collect();
    Ok(json!({ "object": "list", "has_more": begin + data.len() < items.len(), "data": data }))
}
