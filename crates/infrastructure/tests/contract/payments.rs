//! The money of orders: what is stored, and that all that is done to one order is done in turn.

use std::time::Duration;

use domain::customers::CustomerId;
use domain::orders::{Note, Order, OrderBalance, OrderFilter, OrderId, OrderPaymentStatus, OrderScope, PaymentTerms};
use domain::payments::{
    CaptureMode, Dispute, DisputeId, DisputeStatus, Finding, LedgerAccount, LedgerCause, LedgerFilter, MethodLabel,
    MethodName, OperationId, OperationKind, OperationStatus, OrderPayments, Payment, PaymentId, PaymentKind,
    PaymentOperation, PaymentStatus, ProviderCode, ProviderError, ProviderName, Receipt, Reference, Refund, RefundId,
    RefundOrigin, RefundReason, RefundStatus, ReturnUrl, Transfer,
};
use domain::{Lease, Money, StoreError, UtcDateTime, Version};
use time::macros::date;

use crate::support::{NOW, TestDb, at_once, id, order, product, shop};

on_every_database!(
    an_order_is_stored_with_its_balance_and_read_with_it_r80,
    a_balance_is_opened_for_an_order_that_has_none_r80,
    the_terms_of_an_older_order_are_known_unless_cash_has_changed_them_r93,
    the_parts_of_an_order_are_read_as_they_were_stored_r80,
    two_refunds_at_once_do_not_give_back_more_than_came_in_r87,
    of_two_payments_begun_at_once_one_is_open_r82,
    a_second_open_payment_is_a_lost_race_and_a_closed_one_makes_room_r82,
    two_settles_of_the_same_growth_count_it_once_r89,
    settles_of_two_payments_of_an_order_lose_none_of_its_sums_r89,
    of_two_servers_one_carries_an_operation_out_r90,
    a_broken_unique_key_is_a_lost_race_r89,
    the_reference_of_another_payment_is_taken_r90,
    a_refund_takes_the_reference_that_another_gives_up_r89,
    money_that_was_found_counts_once_r93,
    an_order_in_progress_keeps_its_balance_and_its_number_r66_r80,
);

pub fn name(name: &str) -> ProviderName {
    ProviderName::parse(name).unwrap()
}

pub fn reference(name: &str) -> Reference {
    Reference::parse(name).unwrap()
}

/// An order of a teapot for 19.99, with this balance.
pub fn owing(customer: CustomerId, terms: PaymentTerms, status: OrderPaymentStatus) -> Order {
    let order = order(customer, &[&product("Teapot", None)], NOW);
    Order { balance: Some(OrderBalance { terms, status, ..balance(&order) }), ..order }
}

pub fn balance(order: &Order) -> OrderBalance {
    let (terms, status) = (PaymentTerms::Prepaid, OrderPaymentStatus::Unpaid);
    OrderBalance { terms, status, ..OrderBalance::free(order, NOW) }
}

/// A payment of 10,000 of which as much was captured.
pub fn payment(order: &Order, status: PaymentStatus, captured: i64) -> Payment {
    let amount = Money { amount: 10_000, currency: shop().currency };
    let provider = (name("test"), PaymentKind::Test);
    let new = Payment::new(PaymentId(id()), &balance(order), provider, amount, NOW);
    Payment { status, authorised: captured, captured, ..new }
}

pub fn refund(payment: &Payment, amount: i64) -> Refund {
    Refund::new(RefundId(id()), payment, amount, RefundReason::parse("damaged").unwrap(), NOW)
}

pub fn operation(payment: &Payment, kind: OperationKind) -> PaymentOperation {
    PaymentOperation::new(OperationId(id()), payment.id, kind, NOW)
}

pub fn dispute(payment: &Payment, reference: &str) -> Dispute {
    Dispute {
        id: DisputeId(id()),
        payment_id: payment.id,
        reference: self::reference(reference),
        amount: 700,
        reason: ProviderCode::new("fraudulent"),
        status: DisputeStatus::Open,
        due_by: Some(NOW + Duration::from_secs(9)),
        opened_at: NOW,
        closed_at: None,
    }
}

/// Money of a payment that came in.
pub fn captured(payment: &Payment, amount: i64, at: UtcDateTime) -> Transfer {
    Transfer {
        id: id(),
        at,
        order_id: Some(payment.order_id),
        debit: LedgerAccount::Clearing(payment.provider.clone()),
        credit: LedgerAccount::Customer,
        amount,
        currency: payment.currency,
        cause: LedgerCause::Payment,
        cause_id: payment.id.0,
        part: payment.captured,
    }
}

pub async fn add(db: &TestDb, order: &Order) {
    let mut tx = db.begin().await;
    tx.orders().insert(order).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn read(db: &TestDb, order_id: OrderId) -> OrderPayments {
    let mut tx = db.begin().await;
    tx.payments().lock(order_id).await.unwrap().unwrap()
}

/// Locks the balance of an order, changes what belongs to it, and saves the difference. The change says whether it did
/// anything, and its transfers.
pub async fn change(
    db: &TestDb,
    order_id: OrderId,
    change: impl FnOnce(&mut OrderPayments) -> Option<Vec<Transfer>> + Send,
) -> Result<bool, StoreError> {
    let mut tx = db.begin().await;
    let before = tx.payments().lock(order_id).await?.unwrap();
    let mut after = before.clone();
    // Long enough for others to come in between, if nothing kept them out.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let Some(transfers) = change(&mut after) else { return Ok(false) };
    tx.payments().save(&after.changes_since(&before, transfers)).await?;
    tx.commit().await.map(|()| true)
}

/// An order with a payment.
pub async fn with_payment(db: &TestDb, status: PaymentStatus, captured: i64) -> (Order, Payment) {
    let order = owing(CustomerId(id()), PaymentTerms::Prepaid, OrderPaymentStatus::Pending);
    add(db, &order).await;
    let payment = payment(&order, status, captured);
    let added = payment.clone();
    change(db, order.id, |all| {
        all.payments.push(added);
        Some(Vec::new())
    })
    .await
    .unwrap();
    (order, payment)
}

async fn an_order_is_stored_with_its_balance_and_read_with_it_r80(db: TestDb) {
    let customer = CustomerId(id());
    let mut owed = owing(customer, PaymentTerms::Prepaid, OrderPaymentStatus::PartiallyRefunded);
    let sums = OrderBalance {
        pay_by: Some(NOW + Duration::from_micros(7)),
        total: 1999,
        cancelled: 1,
        authorised: 2,
        captured: 1998,
        refunded: 4,
        disputed: 5,
        version: Version(6),
        ..owed.balance.unwrap()
    };
    owed.balance = Some(sums);
    let free = order(customer, &[&product("Cup", None)], NOW);
    for order in [&owed, &free] {
        add(&db, order).await;
    }
    let orders = db.database.queries().orders;
    for order in [&owed, &free] {
        assert_eq!(orders.get(order.id, OrderScope::All).await.unwrap().as_ref(), Some(order));
        assert_eq!(db.begin().await.orders().lock(order.id, OrderScope::All).await.unwrap().as_ref(), Some(order));
    }
    let page = orders.list(OrderScope::Of(customer), &OrderFilter::default(), &crate::support::first(9)).await;
    assert_eq!(page.unwrap().items, [free.clone(), owed.clone()]);
    let mut tx = db.begin().await;
    assert_eq!(tx.payments().lock(free.id).await.unwrap(), None);
    let locked = tx.payments().lock(owed.id).await.unwrap();
    // There is no customer with this id.
    assert_eq!(locked, Some(OrderPayments { is_erased: true, ..OrderPayments::new(owed.balance.unwrap()) }));
}

async fn a_balance_is_opened_for_an_order_that_has_none_r80(db: TestDb) {
    let order = order(CustomerId(id()), &[&product("Cup", None)], NOW);
    add(&db, &order).await;
    let opened = balance(&order);
    let mut tx = db.begin().await;
    tx.payments().open(&opened).await.unwrap();
    tx.commit().await.unwrap();
    let found = db.database.queries().orders.get(order.id, OrderScope::All).await.unwrap();
    assert_eq!(found, Some(Order { balance: Some(opened.clone()), ..order.clone() }));
    let elsewhere = OrderBalance { order_id: OrderId(id()), ..opened };
    assert!(db.begin().await.payments().open(&elsewhere).await.is_err(), "there is no such order");
}

async fn the_terms_of_an_older_order_are_known_unless_cash_has_changed_them_r93(db: TestDb) {
    use PaymentTerms::{None as Free, OnDelivery, Prepaid};
    for (terms, placed_terms) in [(Free, Some(Free)), (Prepaid, Some(Prepaid)), (OnDelivery, None)] {
        let order = owing(CustomerId(id()), terms, OrderPaymentStatus::Unpaid);
        let balance = order.balance.clone().map(|balance| OrderBalance { placed_terms: None, ..balance });
        add(&db, &Order { balance, ..order.clone() }).await;
        assert_eq!(read(&db, order.id).await.balance.placed_terms, placed_terms, "{terms:?}");
    }
}

async fn the_parts_of_an_order_are_read_as_they_were_stored_r80(db: TestDb) {
    let order = owing(CustomerId(id()), PaymentTerms::OnDelivery, OrderPaymentStatus::Unpaid);
    add(&db, &order).await;
    let plain = payment(&order, PaymentStatus::Failed, 0);
    let full = Payment {
        kind: PaymentKind::Card,
        reference: Some(reference("pi_1")),
        capture: CaptureMode::Manual,
        method: MethodName::parse("card").ok(),
        return_url: ReturnUrl::parse("https://shop.example/thanks?order=1").ok(),
        method_label: MethodLabel::parse("Visa •••• 4242").ok(),
        authorised: 9_000,
        refunded: 100,
        capture_pending: 1,
        refund_pending: 2,
        disputed: 3,
        authorised_until: Some(NOW + Duration::from_micros(1)),
        expiry_announced: Some(NOW + Duration::from_micros(2)),
        last_error: Some(ProviderError::new("card_declined", "Your card was declined. 🃏")),
        finding: Some(Finding::Contradiction),
        updated_at: NOW + Duration::from_micros(2),
        version: Version(4),
        ..payment(&order, PaymentStatus::Captured, 8_000)
    };
    let small = refund(&full, 100);
    let large = Refund {
        note: Note::parse("It came broken.").ok(),
        status: RefundStatus::Succeeded,
        origin: RefundOrigin::Outside,
        reference: Some(reference("bank 7")),
        requested_by: Some(id()),
        finished_at: Some(NOW + Duration::from_micros(3)),
        version: Version(2),
        ..refund(&full, 200)
    };
    let begin = operation(&full, OperationKind::Begin);
    let give_back = PaymentOperation {
        refund_id: Some(small.id),
        amount: Some(100),
        generation: 9,
        key_since: NOW + Duration::from_micros(4),
        status: OperationStatus::Unknown,
        attempts: 7,
        next_at: None,
        lease: Some(Lease { holder: id(), until: NOW + Duration::from_micros(5) }),
        requested_by: Some(id()),
        error: Some(ProviderError::new("timeout", "no answer")),
        finished_at: Some(NOW + Duration::from_micros(6)),
        ..operation(&full, OperationKind::Refund)
    };
    let open = dispute(&full, "dp_1");
    let lost = Dispute {
        status: DisputeStatus::Lost,
        due_by: None,
        closed_at: Some(NOW + Duration::from_micros(8)),
        ..dispute(&full, "dp_2")
    };
    let all = OrderPayments {
        balance: OrderBalance { version: Version(2), captured: 8_000, ..order.balance.clone().unwrap() },
        payments: vec![plain.clone(), full.clone()],
        operations: vec![begin, give_back],
        refunds: vec![small, large],
        disputes: vec![open, lost],
        is_erased: true,
    };
    let (stored, transfer) = (all.clone(), captured(&full, 8_000, NOW));
    let transfers = vec![transfer.clone()];
    change(&db, order.id, |now| {
        *now = stored;
        Some(transfers)
    })
    .await
    .unwrap();
    assert_eq!(read(&db, order.id).await, all);
    let queries = db.database.queries().payments;
    assert_eq!(queries.get(full.id, OrderScope::All).await.unwrap(), Some(full.clone()));
    assert_eq!(queries.of_order(order.id, OrderScope::All).await.unwrap(), [full.clone(), plain]);
    assert_eq!(queries.operations(full.id).await.unwrap(), all.operations);
    assert_eq!(queries.refunds_of(full.id).await.unwrap(), all.refunds);
    let ledger = queries.ledger(&LedgerFilter::default(), &crate::support::first(9)).await.unwrap();
    assert_eq!(ledger.items, [transfer]);

    // Each of them changed.
    let now = OrderPayments {
        balance: OrderBalance { status: OrderPaymentStatus::Paid, ..all.balance.clone() },
        payments: all.payments.iter().map(|one| Payment { finding: None, ..one.clone() }).collect(),
        operations: all.operations.iter().map(|one| PaymentOperation { attempts: 8, ..one.clone() }).collect(),
        refunds: all.refunds.iter().map(|one| Refund { status: RefundStatus::Failed, ..one.clone() }).collect(),
        disputes: all.disputes.iter().map(|one| Dispute { status: DisputeStatus::Won, ..one.clone() }).collect(),
        ..all.clone()
    };
    let changed = now.clone();
    change(&db, order.id, |all| {
        *all = changed;
        Some(Vec::new())
    })
    .await
    .unwrap();
    assert_eq!(read(&db, order.id).await, now);
}

async fn two_refunds_at_once_do_not_give_back_more_than_came_in_r87(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Captured, 7_000).await;
    let done = at_once(2, |_| {
        let (db, order_id) = (db.clone(), order.id);
        async move {
            change(&db, order_id, |all| {
                let paid = all.payments.first_mut()?;
                if paid.refundable() < 4_000 {
                    return None;
                }
                paid.refund_pending += 4_000;
                all.refunds.push(refund(paid, 4_000));
                Some(Vec::new())
            })
            .await
            .unwrap()
        }
    })
    .await;
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
    let all = read(&db, order.id).await;
    assert_eq!((all.refunds.len(), all.payment(paid.id).unwrap().refundable()), (1, 3_000));
}

async fn of_two_payments_begun_at_once_one_is_open_r82(db: TestDb) {
    let order = owing(CustomerId(id()), PaymentTerms::Prepaid, OrderPaymentStatus::Unpaid);
    add(&db, &order).await;
    let begun = at_once(4, |_| {
        let (db, order) = (db.clone(), order.clone());
        async move {
            let added = payment(&order, PaymentStatus::Pending, 0);
            change(&db, order.id, |all| {
                let is_free = !all.payments.iter().any(Payment::is_open);
                is_free.then(|| {
                    all.payments.push(added);
                    Vec::new()
                })
            })
            .await
            .unwrap()
        }
    })
    .await;
    assert_eq!(begun.iter().filter(|begun| **begun).count(), 1);
    assert_eq!(read(&db, order.id).await.payments.len(), 1);
}

async fn a_second_open_payment_is_a_lost_race_and_a_closed_one_makes_room_r82(db: TestDb) {
    let (order, first) = with_payment(&db, PaymentStatus::Processing, 0).await;
    let second = payment(&order, PaymentStatus::Pending, 0);
    let added = second.clone();
    let refused = change(&db, order.id, |all| {
        all.payments.push(added);
        Some(Vec::new())
    })
    .await;
    assert!(matches!(refused, Err(StoreError::Raced(_))), "{refused:?}");
    let added = second.clone();
    change(&db, order.id, |all| {
        all.payments[0].status = PaymentStatus::Voided;
        all.payments.push(added);
        Some(Vec::new())
    })
    .await
    .unwrap();
    // And back again, whatever their order.
    change(&db, order.id, |all| {
        all.payments[0].status = PaymentStatus::Authorised;
        all.payments[1].status = PaymentStatus::Failed;
        Some(Vec::new())
    })
    .await
    .unwrap();
    let open: Vec<_> = read(&db, order.id).await.payments.into_iter().filter(Payment::is_open).collect();
    assert_eq!(open.iter().map(|payment| payment.id).collect::<Vec<_>>(), [first.id]);
}

/// Settles a payment at what was captured so far, if that has grown.
fn settle(all: &mut OrderPayments, payment: PaymentId, so_far: i64) -> Option<Vec<Transfer>> {
    let paid = all.payments.iter_mut().find(|one| one.id == payment)?;
    let growth = so_far - paid.captured;
    if growth <= 0 {
        return None;
    }
    (paid.status, paid.authorised, paid.captured) = (PaymentStatus::Captured, so_far, so_far);
    let transfer = captured(paid, growth, NOW);
    all.balance = all.balance.summed(&all.payments);
    Some(vec![transfer])
}

async fn two_settles_of_the_same_growth_count_it_once_r89(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Processing, 0).await;
    let settled = at_once(3, |_| {
        let (db, order_id, payment) = (db.clone(), order.id, paid.id);
        async move { change(&db, order_id, |all| settle(all, payment, 10_000)).await.unwrap() }
    })
    .await;
    assert_eq!(settled.iter().filter(|settled| **settled).count(), 1);
    let OrderPayments { balance, payments, .. } = read(&db, order.id).await;
    assert_eq!((balance.captured, balance.status), (10_000, OrderPaymentStatus::Paid));
    assert_eq!((payments[0].captured, payments[0].status), (10_000, PaymentStatus::Captured));
    assert_eq!(db.number("SELECT COUNT(*) FROM ledger_transfers").await, 1);
}

async fn settles_of_two_payments_of_an_order_lose_none_of_its_sums_r89(db: TestDb) {
    let (order, first) = with_payment(&db, PaymentStatus::Failed, 0).await;
    let second = payment(&order, PaymentStatus::Processing, 0);
    let added = second.clone();
    change(&db, order.id, |all| {
        all.payments.push(added);
        Some(Vec::new())
    })
    .await
    .unwrap();
    let both = [(first.id, 600), (second.id, 1_400)];
    let settled = at_once(2, |index| {
        let (db, order_id, (payment, amount)) = (db.clone(), order.id, both[index]);
        async move { change(&db, order_id, |all| settle(all, payment, amount)).await.unwrap() }
    })
    .await;
    assert_eq!(settled, [true, true]);
    let all = read(&db, order.id).await;
    assert_eq!((all.balance.captured, all.balance.status), (2_000, OrderPaymentStatus::Paid));
    assert_eq!(all.balance, all.balance.summed(&all.payments));
}

async fn of_two_servers_one_carries_an_operation_out_r90(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Pending, 0).await;
    let begin = operation(&paid, OperationKind::Begin);
    let added = begin.clone();
    change(&db, order.id, |all| {
        all.operations.push(added);
        Some(Vec::new())
    })
    .await
    .unwrap();
    let claimed = at_once(2, |_| {
        let (db, order_id) = (db.clone(), order.id);
        async move {
            let lease = Lease { holder: id(), until: NOW + Duration::from_secs(30) };
            let claim = |all: &mut OrderPayments| {
                let operation = all.operations.first_mut()?;
                let is_free = operation.lease.is_none_or(|lease| lease.until <= NOW);
                is_free.then(|| {
                    (operation.lease, operation.attempts) = (Some(lease), operation.attempts + 1);
                    Vec::new()
                })
            };
            change(&db, order_id, claim).await.unwrap()
        }
    })
    .await;
    assert_eq!(claimed.iter().filter(|claimed| **claimed).count(), 1);
    assert_eq!(read(&db, order.id).await.operations[0].attempts, 1);
}

async fn the_reference_of_another_payment_is_taken_r90(db: TestDb) {
    let (order, _) = with_payment(&db, PaymentStatus::Captured, 100).await;
    let (other, _) = with_payment(&db, PaymentStatus::Captured, 100).await;
    let called = async |order: &Order| {
        let call = |all: &mut OrderPayments| {
            all.payments[0].reference = Some(reference("pi_1"));
            Some(Vec::new())
        };
        change(&db, order.id, call).await
    };
    called(&order).await.unwrap();
    let taken = called(&other).await;
    assert!(matches!(taken, Err(StoreError::Duplicate(Payment::UNIQUE_REFERENCE))), "{taken:?}");
}

async fn a_refund_takes_the_reference_that_another_gives_up_r89(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Captured, 100).await;
    let (first, second) = (refund(&paid, 1), Refund { reference: Some(reference("re_1")), ..refund(&paid, 1) });
    let added = vec![first, second];
    change(&db, order.id, |all| {
        all.refunds = added;
        Some(Vec::new())
    })
    .await
    .unwrap();
    change(&db, order.id, |all| {
        all.refunds[0].reference = all.refunds[1].reference.take();
        Some(Vec::new())
    })
    .await
    .unwrap();
    let now = read(&db, order.id).await.refunds;
    assert_eq!([&now[0].reference, &now[1].reference], [&Some(reference("re_1")), &None]);
}

async fn a_broken_unique_key_is_a_lost_race_r89(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Captured, 100).await;
    let (other, of_other) = with_payment(&db, PaymentStatus::Captured, 100).await;
    change(&db, order.id, |all| {
        let paid = &mut all.payments[0];
        paid.reference = Some(reference("pi_1"));
        all.disputes.push(dispute(paid, "dp_1"));
        all.refunds.push(Refund { reference: Some(reference("re_1")), ..refund(paid, 1) });
        Some(vec![captured(paid, 100, NOW)])
    })
    .await
    .unwrap();
    let raced = |done: Result<bool, StoreError>| assert!(matches!(done, Err(StoreError::Raced(_))), "{done:?}");
    let same_dispute = change(&db, order.id, |all| {
        all.disputes.push(dispute(&paid, "dp_1"));
        Some(Vec::new())
    });
    raced(same_dispute.await);
    let same_refund = change(&db, order.id, |all| {
        all.refunds.push(Refund { reference: Some(reference("re_1")), ..refund(&paid, 2) });
        Some(Vec::new())
    });
    raced(same_refund.await);
    raced(change(&db, order.id, |_| Some(vec![captured(&paid, 50, NOW)])).await);
    // Others may be called the same.
    change(&db, other.id, |all| {
        let paid = &mut all.payments[0];
        (paid.reference, paid.provider) = (Some(reference("pi_1")), name("stripe"));
        all.disputes.push(dispute(paid, "dp_1"));
        all.refunds.push(Refund { reference: Some(reference("re_1")), ..refund(paid, 1) });
        Some(vec![captured(&of_other, 100, NOW)])
    })
    .await
    .unwrap();
}

async fn money_that_was_found_counts_once_r93(db: TestDb) {
    let (_, paid) = with_payment(&db, PaymentStatus::Processing, 0).await;
    let receipt = Receipt {
        provider: name("manual"),
        reference: reference("Line 7"),
        payment_id: paid.id,
        amount: 500,
        received_on: date!(2024 - 05 - 06),
        recorded_at: NOW,
    };
    let receive = async |receipt: &Receipt| {
        let mut tx = db.begin().await;
        tx.payments().add_receipt(receipt).await?;
        tx.commit().await
    };
    receive(&receipt).await.unwrap();
    let again = receive(&Receipt { amount: 600, ..receipt.clone() }).await;
    assert!(matches!(again, Err(StoreError::Duplicate(Receipt::REFERENCE))), "{again:?}");
    receive(&Receipt { provider: name("cash"), ..receipt.clone() }).await.unwrap();
    receive(&Receipt { reference: reference("line 7"), ..receipt }).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM payment_receipts").await, 3);
}

async fn an_order_in_progress_keeps_its_balance_and_its_number_r66_r80(db: TestDb) {
    use domain::orders::{OrderStatus, Parcel};
    let placed = order(CustomerId(id()), &[&product("Cup", None)], NOW);
    add(&db, &placed).await;
    // The order is read before it has a balance, and written after.
    let mut tx = db.begin().await;
    let before = tx.orders().lock(placed.id, OrderScope::All).await.unwrap().unwrap();
    tx.payments().open(&balance(&placed)).await.unwrap();
    let after = before.advance(OrderStatus::Processing, None, NOW).unwrap();
    tx.orders().advance(&after.order, &Parcel::default(), &after.entry).await.unwrap();
    tx.commit().await.unwrap();
    let found = db.database.queries().orders.get(placed.id, OrderScope::All).await.unwrap().unwrap();
    assert_eq!((found.number, found.balance), (placed.number, Some(balance(&placed))));
}
