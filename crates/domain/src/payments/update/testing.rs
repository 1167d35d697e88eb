//! Fixtures of the tests of payments.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Act;
use crate::customers::CustomerId;
use crate::orders::{OrderBalance, OrderId, OrderPaymentStatus, PaymentTerms};
use crate::payments::*;
use crate::{Currency, Money, UtcDateTime, Uuid, Version};

pub const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// An id above all that a test chooses.
pub fn new_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1 << 32);
    id(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub fn order_id() -> OrderId {
    OrderId(id(0x0D))
}

pub fn provider(name: &str) -> ProviderName {
    ProviderName::parse(name).unwrap()
}

pub fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

/// A payment by card that its provider has and that waits for its customer.
pub fn payment(n: u128, amount: i64) -> Payment {
    let card = (provider("stripe"), PaymentKind::Card);
    let amount = Money { amount, currency: Currency::default() };
    Payment {
        reference: Some(reference(&format!("pi_{n}"))),
        status: PaymentStatus::RequiresAction,
        ..Payment::new(PaymentId(id(n)), &balance(amount.amount), card, amount, NOW)
    }
}

/// The balance of a prepaid order with this total.
fn balance(total: i64) -> OrderBalance {
    OrderBalance {
        order_id: order_id(),
        customer_id: CustomerId(id(0xC)),
        terms: PaymentTerms::Prepaid,
        placed_terms: Some(PaymentTerms::Prepaid),
        status: OrderPaymentStatus::Unpaid,
        pay_by: Some(NOW + std::time::Duration::from_mins(30)),
        total,
        cancelled: 0,
        authorised: 0,
        captured: 0,
        refunded: 0,
        disputed: 0,
        updated_at: NOW,
        version: Version::FIRST,
    }
}

/// A payment by bank transfer.
pub fn transfer(n: u128, amount: i64) -> Payment {
    let status = PaymentStatus::Processing;
    Payment { provider: provider("manual"), kind: PaymentKind::BankTransfer, status, ..payment(n, amount) }
}

/// A captured payment by card.
pub fn captured(n: u128, amount: i64) -> Payment {
    let status = PaymentStatus::Captured;
    Payment { status, authorised: amount, captured: amount, ..payment(n, amount) }
}

pub fn operation(kind: OperationKind) -> PaymentOperation {
    PaymentOperation::new(OperationId(id(0x0E)), PaymentId(id(1)), kind, NOW)
}

/// What the provider of a payment says, if only the status differs from what the shop knows.
pub fn snapshot(payment: &Payment, status: PaymentStatus) -> Snapshot {
    let reference = payment.reference.clone().unwrap_or_else(|| reference("pi_new"));
    Snapshot { status, ..Snapshot::of(payment, reference) }
}

/// What the provider says once it has taken all of a payment.
pub fn paid(payment: &Payment) -> Snapshot {
    let amount = payment.amount;
    Snapshot { authorised: amount, captured: amount, ..snapshot(payment, PaymentStatus::Captured) }
}

/// A prepaid order with this total and these payments, summed up.
pub fn order(total: i64, payments: Vec<Payment>) -> OrderPayments {
    let balance = balance(total).summed(&payments);
    let pay_by = balance.pay_by.filter(|_| balance.awaits_payment());
    OrderPayments { payments, ..OrderPayments::new(OrderBalance { pay_by, ..balance }) }
}

pub fn act_at(now: UtcDateTime, settings: &Settings) -> Act<'_> {
    Act { now, new_id: &new_id, by: None, settings }
}

/// The payments of an order after a change, with what is to be written and announced.
pub fn updated(before: &OrderPayments, change: impl FnOnce(&mut PaymentsUpdate<'_>)) -> PaymentsUpdated {
    updated_at(before, NOW, &required(), change)
}

pub fn updated_at(
    before: &OrderPayments,
    now: UtcDateTime,
    settings: &Settings,
    change: impl FnOnce(&mut PaymentsUpdate<'_>),
) -> PaymentsUpdated {
    let mut update = PaymentsUpdate::new(before.clone(), act_at(now, settings));
    change(&mut update);
    update.finish()
}

/// The settings of a shop whose orders are paid first.
pub fn required() -> Settings {
    Settings { is_required: true, ..Settings::default() }
}

/// What a provider of cards can do.
pub fn capabilities() -> Capabilities {
    Capabilities {
        manual_capture: true,
        partial_capture: true,
        multi_capture: false,
        partial_refund: true,
        min: 50,
        max: 99_999_999,
        step: 1,
        hold: std::time::Duration::from_mins(30),
        key_lifetime: std::time::Duration::from_hours(20),
    }
}
