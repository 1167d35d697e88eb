use super::{Event, EventType, Fact};
use crate::payments::{Dispute, OrderPayments, Payment, PaymentEvent, Refund};
use crate::{Currency, Money};

impl Event {
    /// What happened to the payments of an order, with what they are now. `None` if the order has no such payment.
    pub fn of_payments(happened: PaymentEvent, now: &OrderPayments, currency: Currency) -> Option<Self> {
        let event_type = type_of(happened);
        match happened {
            PaymentEvent::OrderPaid(_)
            | PaymentEvent::OrderPending(_)
            | PaymentEvent::OrderPaymentFailed(_)
            | PaymentEvent::OrderLatePayment(_) => Some(of_balance(event_type, now, currency)),
            PaymentEvent::Authorised(id)
            | PaymentEvent::Captured(id)
            | PaymentEvent::Voided(id)
            | PaymentEvent::Finding(id) => now.payment(id).map(|payment| of_payment(event_type, payment)),
            PaymentEvent::AuthorisationExpiring(id) => {
                let payment = now.payment(id)?;
                let mut event = of_payment(event_type, payment);
                event.data.push(("authorised_until", payment.authorised_until.map_or(Fact::Nothing, Fact::Time)));
                Some(event)
            }
            PaymentEvent::RefundCreated(id) | PaymentEvent::RefundSucceeded(id) | PaymentEvent::RefundFailed(id) => {
                now.refund(id).map(|refund| of_refund(event_type, refund))
            }
            PaymentEvent::DisputeOpened(id) | PaymentEvent::DisputeClosed(id) => {
                let dispute = now.disputes.iter().find(|dispute| dispute.id == id)?;
                Some(of_dispute(event_type, dispute, now.payment(dispute.payment_id)?))
            }
        }
    }
}

const fn type_of(happened: PaymentEvent) -> EventType {
    match happened {
        PaymentEvent::OrderPaid(_) => EventType::OrderPaid,
        PaymentEvent::OrderPending(_) => EventType::OrderPaymentPending,
        PaymentEvent::OrderPaymentFailed(_) => EventType::OrderPaymentFailed,
        PaymentEvent::OrderLatePayment(_) => EventType::OrderLatePayment,
        PaymentEvent::Authorised(_) => EventType::PaymentAuthorised,
        PaymentEvent::Captured(_) => EventType::PaymentCaptured,
        PaymentEvent::Voided(_) => EventType::PaymentVoided,
        PaymentEvent::AuthorisationExpiring(_) => EventType::PaymentAuthorisationExpiring,
        PaymentEvent::Finding(_) => EventType::PaymentFinding,
        PaymentEvent::RefundCreated(_) => EventType::RefundCreated,
        PaymentEvent::RefundSucceeded(_) => EventType::RefundSucceeded,
        PaymentEvent::RefundFailed(_) => EventType::RefundFailed,
        PaymentEvent::DisputeOpened(_) => EventType::DisputeOpened,
        PaymentEvent::DisputeClosed(_) => EventType::DisputeClosed,
    }
}

fn of_balance(event_type: EventType, now: &OrderPayments, currency: Currency) -> Event {
    let balance = &now.balance;
    let money = |amount| Fact::Money(Money { amount, currency });
    let data = vec![
        ("order_id", Fact::Id(balance.order_id.0)),
        ("payment_status", Fact::Word(balance.status.as_str())),
        ("total", money(balance.total)),
        ("captured", money(balance.captured)),
        ("refunded", money(balance.refunded)),
    ];
    Event { event_type, stream: balance.order_id.0, data }
}

fn of_payment(event_type: EventType, payment: &Payment) -> Event {
    let money = |amount| Fact::Money(Money { amount, currency: payment.currency });
    let data = vec![
        ("payment_id", Fact::Id(payment.id.0)),
        ("order_id", Fact::Id(payment.order_id.0)),
        ("version", Fact::Number(payment.version.0)),
        ("status", Fact::Word(payment.status.as_str())),
        ("amount", money(payment.amount)),
        ("authorised", money(payment.authorised)),
        ("captured", money(payment.captured)),
        ("refunded", money(payment.refunded)),
        ("finding", payment.finding.map_or(Fact::Nothing, |finding| Fact::Word(finding.as_str()))),
    ];
    Event { event_type, stream: payment.order_id.0, data }
}

fn of_refund(event_type: EventType, refund: &Refund) -> Event {
    let data = vec![
        ("refund_id", Fact::Id(refund.id.0)),
        ("order_id", Fact::Id(refund.order_id.0)),
        ("payment_id", Fact::Id(refund.payment_id.0)),
        ("version", Fact::Number(refund.version.0)),
        ("status", Fact::Word(refund.status.as_str())),
        ("amount", Fact::Money(Money { amount: refund.amount, currency: refund.currency })),
    ];
    Event { event_type, stream: refund.order_id.0, data }
}

fn of_dispute(event_type: EventType, dispute: &Dispute, payment: &Payment) -> Event {
    let data = vec![
        ("dispute_id", Fact::Id(dispute.id.0)),
        ("order_id", Fact::Id(payment.order_id.0)),
        ("payment_id", Fact::Id(payment.id.0)),
        ("status", Fact::Word(dispute.status.as_str())),
        ("amount", Fact::Money(Money { amount: dispute.amount, currency: payment.currency })),
    ];
    Event { event_type, stream: payment.order_id.0, data }
}
