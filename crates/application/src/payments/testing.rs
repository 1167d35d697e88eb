//! Fixtures of the unit tests of payments.

use std::sync::Arc;
use std::time::Duration;

use domain::orders::OrderBalance;
use domain::payments::{
    Capabilities, MockPaymentProvider, MockPaymentQueries, OperationId, OperationKind, OrderPayments, Payment,
    PaymentChanges, PaymentId, PaymentKind, PaymentMethod, PaymentOfOrder, PaymentOperation, PaymentProvider,
    PaymentProviders, PaymentStatus, ProviderName, Reference, Settings, Snapshot,
};
use domain::{Currency, Lease, Money};

use super::{Payments, PaymentsParts};
use crate::testing::{Mocks, NOW, Still, id, order};
use crate::{Actor, Runner};

/// The server of the tests.
pub const HOLDER: u128 = 0xA;

/// The amount of the order of the tests, in minor units.
pub const TOTAL: i64 = 200;

pub fn name() -> ProviderName {
    ProviderName::parse("test").unwrap()
}

pub fn reference() -> Reference {
    Reference::parse("p_1").unwrap()
}

pub fn payment_id() -> PaymentId {
    PaymentId(id(0x70))
}

/// A payment of all of the order of the tests.
pub fn payment(status: PaymentStatus) -> Payment {
    let (authorised, captured) = match status {
        PaymentStatus::Authorised => (TOTAL, 0),
        PaymentStatus::Captured => (TOTAL, TOTAL),
        _ => (0, 0),
    };
    let owed = OrderBalance::free(&order(), NOW);
    let amount = Money { amount: TOTAL, currency: Currency::default() };
    Payment {
        reference: Some(reference()),
        status,
        authorised,
        captured,
        ..Payment::new(payment_id(), &owed, (name(), PaymentKind::Test), amount, NOW)
    }
}

/// The payments of the order of the tests, which is to be paid first.
pub fn payments(all: Vec<Payment>) -> OrderPayments {
    let balance = OrderBalance::prepaid(&order(), &Settings::default()).summed(&all);
    let pay_by = balance.pay_by.filter(|_| balance.awaits_payment());
    OrderPayments { payments: all, ..OrderPayments::new(OrderBalance { pay_by, ..balance }) }
}

/// An operation that this server holds.
pub fn operation(kind: OperationKind) -> PaymentOperation {
    PaymentOperation {
        amount: Some(TOTAL),
        attempts: 1,
        lease: Some(Lease { holder: id(HOLDER), until: NOW + Duration::from_secs(30) }),
        ..PaymentOperation::new(OperationId(id(0x0E)), payment_id(), kind, NOW)
    }
}

/// What the provider says of a payment in this status.
pub fn says(status: PaymentStatus) -> Snapshot {
    Snapshot::of(&payment(status), reference())
}

/// A provider that is asked for nothing yet.
pub fn provider() -> MockPaymentProvider {
    let mut provider = MockPaymentProvider::new();
    provider.expect_name().returning(name);
    let method = || PaymentMethod { name: "Test".to_owned(), kind: PaymentKind::Test, publishable_key: None };
    provider.expect_method().returning(method);
    provider.expect_capabilities().returning(|_| Some(capabilities()));
    provider
}

pub fn capabilities() -> Capabilities {
    Capabilities {
        manual_capture: true,
        partial_capture: true,
        multi_capture: false,
        partial_refund: true,
        min: 50,
        max: 1_000_000,
        step: 1,
        hold: Duration::from_mins(30),
        key_lifetime: Duration::from_hours(20),
    }
}

pub fn providers(provider: MockPaymentProvider) -> PaymentProviders {
    PaymentProviders::new([Arc::new(provider) as Arc<dyn PaymentProvider>])
}

/// Finds the payment of the tests, and locks these payments.
pub fn locking(all: OrderPayments) -> Mocks {
    let mut tx = Mocks::default();
    let found = PaymentOfOrder { order_id: order().id, payment_id: payment_id() };
    tx.payments.expect_find().returning(move |_, _| Ok(Some(found)));
    tx.payments.expect_lock().once().return_once(move |_| Ok(Some(all)));
    tx.payments.expect_order_label().returning(|id| Ok(id.to_string()));
    tx
}

/// [`locking`], and saves changes that are so, whatever happens because of them.
pub fn saving(all: OrderPayments, are_so: impl Fn(&PaymentChanges) -> bool + Send + 'static) -> Mocks {
    let mut tx = locking(all);
    tx.payments.expect_save().once().withf(are_so).returning(|_| Ok(()));
    tx.outbox.expect_append().returning(|_, _, _| Ok(()));
    tx
}

/// Payments of this server, with these parts.
pub fn service(runner: Runner, provider: MockPaymentProvider, queries: MockPaymentQueries) -> Payments {
    Payments::new(PaymentsParts {
        runner,
        queries: Arc::new(queries),
        providers: providers(provider),
        clock: Arc::new(Still),
        settings: Arc::default(),
        holder: id(HOLDER),
    })
}

pub fn admin() -> Actor {
    Actor { who: domain::keys::Principal::Account(domain::accounts::AccountId(id(0xAD))), request_id: "r".to_owned() }
}
