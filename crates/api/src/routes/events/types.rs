//! Each type of event with its schema and an example, for the API document.

use domain::events::{Event, EventType};
use domain::orders::{Order, OrderBalance, OrderPaymentStatus, OrderStatus};
use domain::payments::{
    Dispute, DisputeId, DisputeStatus, Finding, OrderPayments, Payment, PaymentEvent, PaymentStatus, ProviderCode,
    Reference, Refund, RefundStatus,
};
use domain::pricing::PromotionId;
use domain::products::ProductStatus;
use domain::restocks::RestockStatus;
use domain::stock::Stock;
use domain::{Rule, Ruled};
use serde_json::{Map, Value, json};

use super::body::EventBody;
use crate::routes::payments::body::example_payment;
use crate::routes::refunds::body::example_refund;
use crate::{example, schema};

/// A type of event.
pub(crate) struct DescribedType {
    pub(crate) event_type: EventType,
    /// When it happens, as a sentence.
    pub(crate) summary: &'static str,
    /// The schema of its data.
    pub(crate) data: Value,
    /// Such an event.
    pub(crate) example: Value,
}

/// All types.
pub(crate) fn described() -> Vec<DescribedType> {
    let examples = examples();
    let of = |event_type: EventType| {
        let event = examples.iter().find(|event| event.event_type == event_type);
        let body = event.and_then(|event| EventBody::of(event, 1));
        DescribedType {
            event_type,
            summary: summary(event_type),
            data: data(event_type),
            example: body.and_then(|body| serde_json::to_value(body).ok()).unwrap_or_default(),
        }
    };
    EventType::ALL.iter().copied().map(of).collect()
}

const fn summary(event_type: EventType) -> &'static str {
    match event_type {
        EventType::OrderPlaced => "An order was placed",
        EventType::OrderPaid => "All that an order owes came in",
        EventType::OrderPaymentPending => "Somebody is paying an order",
        EventType::OrderPaymentFailed => "A payment of an order failed, or its customer has to try again",
        EventType::OrderCancelled => "An order was cancelled, by somebody or because it was not paid in time",
        EventType::OrderStatusChanged => "An order took a step towards its delivery",
        EventType::OrderUpdated => "Carrier, tracking number or expected day of an order were corrected",
        EventType::OrderLatePayment => "Money came in that an order does not owe",
        EventType::PaymentAuthorised => "Money is held for the shop",
        EventType::PaymentCaptured => "Money was taken",
        EventType::PaymentVoided => "A payment was given up before any money was taken",
        EventType::PaymentAuthorisationExpiring => "Money that is held for the shop has to be taken within a day",
        EventType::PaymentFinding => "Something about a payment does not add up",
        EventType::RefundCreated => "It was decided that money goes back",
        EventType::RefundSucceeded => "Money went back",
        EventType::RefundFailed => "Money did not go back, or bounced",
        EventType::DisputeOpened => "A customer disputes a payment at the bank",
        EventType::DisputeClosed => "A dispute was decided",
        EventType::StockBelowThreshold => "The units on hand of a product fell below its reorder point",
        EventType::RestockOpened => "A restock was opened",
        EventType::RestockReceived => "A restock was received",
        EventType::ProductCreated => "A product was created",
        EventType::ProductUpdated => "A product was changed",
        EventType::ProductDeleted => "A product was deleted",
        EventType::CustomerCreated => "A customer was created, or registered",
        EventType::CustomerErased => "A customer was deleted, and its personal data erased",
        EventType::PromotionExhausted => "The last use of a promotion was taken, or its limit lowered to its uses",
        EventType::WebhookTest => "Somebody tries whether a webhook endpoint is reached",
    }
}

/// The schema of the data of a type. A later version may add members.
fn data(event_type: EventType) -> Value {
    let id = || schema::of(&Rule::Id);
    let number = || json!({ "type": "integer", "format": "int64" });
    let money = || schema::reference("Money");
    let word = |rule: Rule| schema::of(&rule);
    let payment = || {
        vec![
            ("payment_id", id()),
            ("order_id", id()),
            ("version", number()),
            ("status", word(PaymentStatus::rule())),
            ("amount", money()),
            ("authorised", money()),
            ("captured", money()),
            ("refunded", money()),
            ("finding", schema::nullable(word(Finding::rule()))),
        ]
    };
    let order = || {
        vec![
            ("order_id", id()),
            ("version", number()),
            ("status", word(OrderStatus::rule())),
            ("payment_status", word(OrderPaymentStatus::rule())),
            ("total", money()),
        ]
    };
    object(match event_type {
        EventType::OrderPlaced | EventType::OrderCancelled | EventType::OrderUpdated => order(),
        EventType::OrderStatusChanged => [order(), vec![("from", word(OrderStatus::rule()))]].concat(),
        EventType::OrderPaid
        | EventType::OrderPaymentPending
        | EventType::OrderPaymentFailed
        | EventType::OrderLatePayment => vec![
            ("order_id", id()),
            ("payment_status", word(OrderPaymentStatus::rule())),
            ("total", money()),
            ("captured", money()),
            ("refunded", money()),
        ],
        EventType::PaymentAuthorised
        | EventType::PaymentCaptured
        | EventType::PaymentVoided
        | EventType::PaymentFinding => payment(),
        EventType::PaymentAuthorisationExpiring => {
            [payment(), vec![("authorised_until", json!({ "type": "string", "format": "date-time" }))]].concat()
        }
        EventType::RefundCreated | EventType::RefundSucceeded | EventType::RefundFailed => vec![
            ("refund_id", id()),
            ("order_id", id()),
            ("payment_id", id()),
            ("version", number()),
            ("status", word(RefundStatus::rule())),
            ("amount", money()),
        ],
        EventType::DisputeOpened | EventType::DisputeClosed => vec![
            ("dispute_id", id()),
            ("order_id", id()),
            ("payment_id", id()),
            ("status", word(DisputeStatus::rule())),
            ("amount", money()),
        ],
        EventType::StockBelowThreshold => {
            vec![("product_id", id()), ("version", number()), ("on_hand", number()), ("threshold", number())]
        }
        EventType::RestockOpened | EventType::RestockReceived => vec![
            ("restock_id", id()),
            ("product_id", id()),
            ("version", number()),
            ("status", word(RestockStatus::rule())),
            ("quantity", number()),
        ],
        EventType::ProductCreated | EventType::ProductUpdated | EventType::ProductDeleted => vec![
            ("product_id", id()),
            ("version", number()),
            ("status", word(ProductStatus::rule())),
            ("price", money()),
        ],
        EventType::CustomerCreated => vec![("customer_id", id()), ("version", number())],
        EventType::CustomerErased => vec![("customer_id", id())],
        EventType::PromotionExhausted => vec![("promotion_id", id()), ("usage_limit", number())],
        EventType::WebhookTest => vec![("webhook_endpoint_id", id()), ("version", number())],
    })
}

fn object(members: Vec<(&str, Value)>) -> Value {
    let required: Vec<_> = members.iter().map(|(name, _)| *name).collect();
    let required = json!(required);
    let properties: Map<_, _> = members.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// An event of each type, as the shop tells it.
fn examples() -> Vec<Event> {
    let (order, product, shop) = (example::order(), example::product(), example::shop());
    let shipped = Order { status: OrderStatus::Shipped, version: order.version.next(), ..order.clone() };
    let cancelled = Order { status: OrderStatus::Cancelled, version: order.version.next(), ..order.clone() };
    let low = Stock { on_hand: 4, ..example::stock() };
    let mut events = vec![
        Event::order_placed(&order),
        Event::order_cancelled(&cancelled),
        Event::order_status_changed(&shipped, OrderStatus::Processing),
        Event::order_updated(&shipped),
        Event::stock_below_threshold(&low),
        Event::restock_opened(&example::restock()),
        Event::restock_received(&example::restock().receive(None, example::NOW).unwrap_or_else(|_| example::restock())),
        Event::product_created(&product, shop),
        Event::product_updated(&product, shop),
        Event::product_deleted(&product, shop),
        Event::customer_created(&example::customer()),
        Event::customer_erased(example::customer().id),
        Event::promotion_exhausted(PromotionId(example::id()), 100),
        Event::webhook_test(&crate::routes::webhooks::body::example_endpoint()),
    ];
    let payments = payments(&order);
    let (id, payment, refund) = (order.id, example_payment().id, example_refund().id);
    let dispute = DisputeId(example::id());
    let happened = [
        PaymentEvent::OrderPaid(id),
        PaymentEvent::OrderPending(id),
        PaymentEvent::OrderPaymentFailed(id),
        PaymentEvent::OrderLatePayment(id),
        PaymentEvent::Authorised(payment),
        PaymentEvent::Captured(payment),
        PaymentEvent::Voided(payment),
        PaymentEvent::Finding(payment),
        PaymentEvent::RefundCreated(refund),
        PaymentEvent::RefundSucceeded(refund),
        PaymentEvent::RefundFailed(refund),
        PaymentEvent::DisputeOpened(dispute),
        PaymentEvent::DisputeClosed(dispute),
    ];
    events.extend(happened.into_iter().filter_map(|one| Event::of_payments(one, &payments, shop.currency)));
    let (held, ends) = (held(payments), PaymentEvent::AuthorisationExpiring(payment));
    events.extend(Event::of_payments(ends, &held, shop.currency));
    events
}

/// The same before the money was taken, which is held for some hours more.
fn held(payments: OrderPayments) -> OrderPayments {
    let payments_held = payments.payments.into_iter().map(|payment| Payment {
        status: PaymentStatus::Authorised,
        captured: 0,
        refunded: 0,
        authorised_until: Some(example::NOW + Payment::EXPIRY_NOTICE),
        ..payment
    });
    OrderPayments { payments: payments_held.collect(), ..payments }
}

/// A paid order of which something went back, and which is disputed.
fn payments(order: &Order) -> OrderPayments {
    let refund = Refund { amount: 500, ..example_refund() };
    let payment = Payment { status: PaymentStatus::Captured, ..example_payment() };
    let amount = payment.amount;
    let payment = Payment { authorised: amount, captured: amount, refunded: refund.amount, ..payment };
    let dispute = Dispute {
        id: DisputeId(example::id()),
        payment_id: payment.id,
        reference: Reference::from_trusted("dp_1".to_owned()),
        amount: 1000,
        reason: ProviderCode::new("fraudulent"),
        status: DisputeStatus::Open,
        due_by: None,
        opened_at: example::NOW,
        closed_at: None,
    };
    let balance =
        OrderBalance { status: OrderPaymentStatus::Paid, captured: amount, ..OrderBalance::free(order, example::NOW) };
    let mut payments = OrderPayments::new(balance);
    payments.payments.push(payment);
    payments.refunds.push(refund);
    payments.disputes.push(dispute);
    payments
}
