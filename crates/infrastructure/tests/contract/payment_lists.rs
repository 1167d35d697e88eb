//! What payments, notices and the ledger are found by.

use std::sync::Arc;
use std::time::Duration;

use application::carts::AddItem;
use application::orders::PlaceOrder;
use application::{Conflict, Error};
use domain::checkout::GivenCodes;
use domain::customers::CustomerId;
use domain::orders::{
    Items, Order, OrderBalance, OrderFilter, OrderId, OrderPaymentStatus, OrderScope, OrderSort, OrderStage,
    OrderStatus, PaymentTerms, Placement,
};
use domain::payments::{
    AccountBalance, DueOperation, EventId, Finding, LedgerAccount, LedgerCause, LedgerFilter, NoticeKind, NoticeStatus,
    OperationKind, OperationStatus, Overdue, Payment, PaymentCounts, PaymentFilter, PaymentId, PaymentKey, PaymentKind,
    PaymentNotice, PaymentOfOrder, PaymentOperation, PaymentStatus, ProviderMessage, Refund, Settings, Transfer,
};
use domain::pricing::{PriceBook, PricingData};
use domain::{Lease, Quantity, UtcDateTime};

use crate::payments::{add, captured, change, name, operation, owing, reference, refund, with_payment};
use crate::support::{NOW, TestDb, at_once, every_page, first, id, order, product, shop};

on_every_database!(
    a_payment_is_found_by_each_of_its_keys_within_the_scope_r83,
    unpaid_orders_are_those_that_await_their_payment_r80,
    of_a_cart_and_named_items_at_once_the_second_counts_the_first_r80,
    orders_that_wait_for_money_are_counted_and_found_when_they_are_overdue_r80_r91_r186,
    people_call_an_order_by_its_number_r130,
    a_list_has_the_payments_that_match_the_filter_r83,
    the_ledger_is_listed_and_summed_by_account_r97,
    operations_are_due_when_nobody_holds_them_r90,
    open_payments_are_found_in_order_of_id_r98,
    a_repeated_notice_is_known_and_each_is_processed_when_it_is_due_r88,
    orders_are_listed_by_payment_status_r62_r80,
    orders_are_listed_by_what_is_to_be_done_as_the_domain_says_r80_r239,
);

fn after(seconds: u64) -> UtcDateTime {
    NOW + Duration::from_secs(seconds)
}

async fn a_payment_is_found_by_each_of_its_keys_within_the_scope_r83(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Captured, 900).await;
    let (back, begin) = (refund(&paid, 9), operation(&paid, OperationKind::Begin));
    let (added, asked) = (back.clone(), begin.clone());
    change(&db, order.id, |all| {
        all.payments[0].reference = Some(reference("pi_1"));
        all.refunds.push(added);
        all.operations.push(asked);
        Some(Vec::new())
    })
    .await
    .unwrap();
    let mine = OrderScope::Of(order.customer_id);
    let keys = [
        PaymentKey::Payment(paid.id),
        PaymentKey::Operation(begin.id),
        PaymentKey::Refund(back.id),
        PaymentKey::Reference(name("test"), reference("pi_1")),
    ];
    let mut tx = db.begin().await;
    let found = Some(PaymentOfOrder { order_id: order.id, payment_id: paid.id });
    for key in keys {
        for (scope, found) in [
            (OrderScope::All, found),
            (mine, found),
            (OrderScope::Of(CustomerId(id())), None),
            (OrderScope::None, None),
        ] {
            assert_eq!(tx.payments().find(&key, scope).await.unwrap(), found, "{key:?} {scope:?}");
        }
    }
    for nothing in [
        PaymentKey::Payment(PaymentId(id())),
        PaymentKey::Reference(name("stripe"), reference("pi_1")),
        PaymentKey::Reference(name("test"), reference("pi_2")),
    ] {
        assert_eq!(tx.payments().find(&nothing, OrderScope::All).await.unwrap(), None, "{nothing:?}");
    }
    drop(tx);
    let queries = db.database.queries().payments;
    for (scope, many) in [(OrderScope::All, 1), (mine, 1), (OrderScope::Of(CustomerId(id())), 0), (OrderScope::None, 0)]
    {
        assert_eq!(queries.get(paid.id, scope).await.unwrap().iter().len(), many);
        assert_eq!(queries.of_order(order.id, scope).await.unwrap().len(), many);
        assert_eq!(queries.refund(back.id, scope).await.unwrap().iter().len(), many);
        assert_eq!(queries.refunds(order.id, scope).await.unwrap().len(), many);
    }
    let second = Refund { created_at: after(1), ..refund(&paid, 1) };
    let added = second.clone();
    change(&db, order.id, |all| {
        all.refunds.push(added);
        Some(Vec::new())
    })
    .await
    .unwrap();
    assert_eq!(queries.refunds(order.id, mine).await.unwrap(), [second, back], "newest first");
}

async fn unpaid_orders_are_those_that_await_their_payment_r80(db: TestDb) {
    let ann = CustomerId(id());
    let mut awaited = 0;
    for terms in PaymentTerms::ALL.iter().copied() {
        for status in OrderPaymentStatus::ALL.iter().copied() {
            for is_cancelled in [false, true] {
                let order = owing(ann, terms, status);
                let balance = order.balance.clone().unwrap();
                let cancelled = if is_cancelled { balance.total } else { 0 };
                let balance = OrderBalance { cancelled, ..balance };
                awaited += u64::from(balance.awaits_payment());
                add(&db, &Order { balance: Some(balance), ..order }).await;
            }
        }
    }
    assert_eq!(awaited, 2);
    assert_eq!(db.begin().await.payments().unpaid_orders(ann).await.unwrap(), awaited);
}

async fn of_a_cart_and_named_items_at_once_the_second_counts_the_first_r80(db: TestDb) {
    let settings = Settings { is_required: true, max_unpaid: 1, ..Settings::default() };
    let runner = db.runner().paid_by(Arc::new(settings));
    let (product_id, quantity) = (db.add_product("Cup", 1000).await.id, Quantity::parse(1).unwrap());
    for round in 0..10 {
        let customer_id = db.add_customer(&format!("ann{round}@example.com")).await.id;
        runner.run(AddItem { customer_id, product_id, quantity }).await.unwrap();
        let placed = at_once(2, |who| {
            let items = (who == 0).then(|| Items::parse(vec![(product_id, quantity)]).unwrap());
            let place = PlaceOrder {
                placement: Placement { customer_id, shipping_address: None, note: None },
                items,
                method: None,
                codes: GivenCodes::default(),
                expected_total: None,
                book: Arc::new(PriceBook::new(Arc::default(), PricingData::default())),
            };
            let runner = runner.clone();
            async move { runner.run(place).await }
        })
        .await;
        let refused: Vec<_> = placed.iter().filter_map(|placed| placed.as_ref().err()).collect();
        let [Error::Conflict(Conflict::UnpaidOrders(1))] = refused[..] else { panic!("round {round}: {placed:?}") };
    }
}

async fn orders_that_wait_for_money_are_counted_and_found_when_they_are_overdue_r80_r91_r186(db: TestDb) {
    use OrderPaymentStatus::{Authorised, Paid, Pending, Unpaid};
    use PaymentTerms::{None as No, OnDelivery, Prepaid};
    let ann = CustomerId(id());
    let owed = [(Prepaid, Unpaid), (Prepaid, Pending), (Prepaid, Authorised), (Prepaid, Paid), (OnDelivery, Unpaid)];
    let mut orders = Vec::new();
    let mut overdue_at = Vec::new();
    for (number, (terms, status)) in owed.into_iter().chain([(No, Pending)]).enumerate() {
        let mut order = owing(ann, terms, status);
        let pay_by = (number < 3).then(|| after(10 - u64::try_from(number).unwrap()));
        order.balance = order.balance.map(|balance| OrderBalance { pay_by, ..balance });
        add(&db, &order).await;
        orders.push(order.id);
        overdue_at.extend(pay_by.map(|pay_by| Overdue { pay_by, order_id: order.id }));
    }
    // Two end at the same time.
    let order = owing(CustomerId(id()), Prepaid, Paid);
    let ends = OrderBalance { pay_by: Some(after(8)), ..order.balance.clone().unwrap() };
    add(&db, &Order { balance: Some(ends), ..order.clone() }).await;
    overdue_at.push(Overdue { pay_by: after(8), order_id: order.id });
    add(&db, &owing(CustomerId(id()), Prepaid, Unpaid)).await;
    let mut tx = db.begin().await;
    assert_eq!(tx.payments().unpaid_orders(ann).await.unwrap(), 2);
    assert_eq!(tx.payments().unpaid_orders(CustomerId(id())).await.unwrap(), 0);
    drop(tx);
    let queries = db.database.queries().payments;
    let (_, wrong) = with_payment(&db, PaymentStatus::Captured, 900).await;
    let find = |all: &mut domain::payments::OrderPayments| {
        all.payments[0].finding = Some(Finding::Contradiction);
        Some(Vec::new())
    };
    change(&db, wrong.order_id, find).await.unwrap();
    with_payment(&db, PaymentStatus::Captured, 900).await;
    assert_eq!(queries.counts().await.unwrap(), PaymentCounts { awaiting_orders: 4, findings: 1, failed_notices: 0 });
    let overdue = async |now, last, limit| queries.overdue_orders(now, last, limit).await.unwrap();
    overdue_at.sort();
    assert_eq!(overdue_at.len(), 4);
    assert_eq!(overdue(after(7), None, 9).await, [], "not before that time");
    assert_eq!(overdue(after(8), None, 9).await, overdue_at[..2]);
    assert_eq!(overdue(after(99), None, 3).await, overdue_at[..3]);
    assert_eq!(overdue(after(99), Some(overdue_at[0]), 9).await, overdue_at[1..]);
    assert_eq!(overdue(after(99), Some(overdue_at[2]), 9).await, overdue_at[3..]);
    assert_eq!(overdue(after(99), Some(overdue_at[3]), 9).await, []);
}

async fn people_call_an_order_by_its_number_r130(db: TestDb) {
    let numbered = order(CustomerId(id()), &[&product("Cup", None)], NOW);
    let old = Order { number: None, ..order(CustomerId(id()), &[&product("Cup", None)], NOW) };
    for order in [&numbered, &old] {
        add(&db, order).await;
    }
    let mut tx = db.begin().await;
    let label = tx.payments().order_label(numbered.id).await.unwrap();
    assert_eq!(label, numbered.number.unwrap().to_string());
    assert_eq!(tx.payments().order_label(old.id).await.unwrap(), old.id.to_string());
}

async fn a_list_has_the_payments_that_match_the_filter_r83(db: TestDb) {
    let mut all = Vec::new();
    for number in 0..6_u64 {
        let (order, paid) = with_payment(&db, PaymentStatus::Failed, 0).await;
        let changed = Payment {
            provider: name(if number < 3 { "stripe" } else { "test" }),
            reference: Some(reference(&format!("pi_{}", number % 3))),
            status: [PaymentStatus::Captured, PaymentStatus::Failed][usize::from(number % 2 == 1)],
            finding: (number == 4).then_some(Finding::Overpaid),
            refund_pending: [0, 0, 0, 101, 0, 1][usize::try_from(number).unwrap()],
            kind: if number == 3 { PaymentKind::BankTransfer } else { paid.kind },
            created_at: after(number),
            ..paid
        };
        let (now, kept) = (changed.clone(), i64::try_from(number).unwrap() * 700);
        change(&db, order.id, |all| {
            all.payments[0] = now;
            all.balance = OrderBalance { captured: kept, ..all.balance.clone() };
            Some(Vec::new())
        })
        .await
        .unwrap();
        all.push(changed);
    }
    let queries = db.database.queries().payments;
    let list = async |filter: PaymentFilter| {
        let pages = every_page(2, async |page| queries.list(&filter, &page).await.unwrap()).await;
        pages.into_iter().map(|one| all.iter().position(|other| other.id == one.id).unwrap()).collect::<Vec<_>>()
    };
    let any = PaymentFilter::default;
    let newest = queries.list(&any(), &first(1)).await.unwrap().items;
    assert_eq!(newest, [all[5].clone()]);
    let captured = || PaymentFilter { status: Some(PaymentStatus::Captured), ..any() };
    let called = |it: &str| PaymentFilter { reference: Some(reference(it)), ..any() };
    let of_stripe = || PaymentFilter { provider: Some(name("stripe")), ..any() };
    for (filter, expected) in [
        (any(), vec![5, 4, 3, 2, 1, 0]),
        (captured(), vec![4, 2, 0]),
        (of_stripe(), vec![2, 1, 0]),
        (PaymentFilter { provider: Some(name("stripe")), ..captured() }, vec![2, 0]),
        (called("pi_1"), vec![4, 1]),
        (PaymentFilter { provider: Some(name("test")), ..called("pi_1") }, vec![4]),
        (PaymentFilter { status: Some(PaymentStatus::Failed), ..called("pi_1") }, vec![1]),
        (called("pi_9"), vec![]),
        (PaymentFilter { from: Some(after(2)), to: Some(after(5)), ..any() }, vec![4, 3, 2]),
        (PaymentFilter { to: Some(after(3)), ..captured() }, vec![2, 0]),
        (PaymentFilter { with_finding: true, ..any() }, vec![4]),
        (PaymentFilter { with_finding: true, ..of_stripe() }, vec![]),
        // The order is 19.99. The fourth has got 21.00, of which 1.01 is going back.
        (PaymentFilter { unapplied: true, ..any() }, vec![5, 4]),
        (PaymentFilter { unapplied: true, ..captured() }, vec![4]),
        // What a provider gives back, nobody has to pay.
        (PaymentFilter { refund_to_pay: true, ..any() }, vec![3]),
        (PaymentFilter { refund_to_pay: true, ..captured() }, vec![]),
    ] {
        assert_eq!(list(filter.clone()).await, expected, "{filter:?}");
    }
}

async fn the_ledger_is_listed_and_summed_by_account_r97(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Captured, 900).await;
    let (other, of_other) = with_payment(&db, PaymentStatus::Captured, 50).await;
    let came = captured(&paid, 900, NOW);
    let back = Transfer {
        debit: LedgerAccount::Customer,
        credit: LedgerAccount::Bank,
        cause: LedgerCause::Refund,
        cause_id: id(),
        part: 0,
        ..captured(&paid, 300, after(5))
    };
    let all = [came, back, captured(&of_other, 50, after(9))];
    let (of_first, of_second) = (all[..2].to_vec(), all[2].clone());
    change(&db, order.id, |_| Some(of_first)).await.unwrap();
    change(&db, other.id, |_| Some(vec![of_second])).await.unwrap();
    let queries = db.database.queries().payments;
    let list = async |filter: LedgerFilter| {
        let pages = every_page(2, async |page| queries.ledger(&filter, &page).await.unwrap()).await;
        pages.into_iter().map(|one| all.iter().position(|other| *other == one).unwrap()).collect::<Vec<_>>()
    };
    let any = LedgerFilter::default;
    let clearing = LedgerAccount::Clearing(name("test"));
    for (filter, expected) in [
        (any(), vec![0, 1, 2]),
        (LedgerFilter { order_id: Some(order.id), ..any() }, vec![0, 1]),
        (LedgerFilter { order_id: Some(OrderId(id())), ..any() }, vec![]),
        (LedgerFilter { account: Some(LedgerAccount::Bank), ..any() }, vec![1]),
        (LedgerFilter { account: Some(clearing.clone()), ..any() }, vec![0, 2]),
        (LedgerFilter { account: Some(clearing.clone()), order_id: Some(order.id), ..any() }, vec![0]),
        (LedgerFilter { from: Some(after(5)), to: Some(after(9)), ..any() }, vec![1]),
        (LedgerFilter { from: Some(after(9)), ..any() }, vec![2]),
    ] {
        assert_eq!(list(filter.clone()).await, expected, "{filter:?}");
    }
    let sums = async |filter: LedgerFilter| {
        let found = queries.ledger_balances(&filter).await.unwrap();
        assert!(found.iter().all(|one| one.currency == shop().currency));
        let sum = |AccountBalance { account, debit, credit, .. }| (account, debit, credit);
        found.into_iter().map(sum).collect::<Vec<_>>()
    };
    let all = [(LedgerAccount::Bank, 0, 300), (clearing.clone(), 950, 0), (LedgerAccount::Customer, 300, 950)];
    assert_eq!(sums(any()).await, all);
    assert_eq!(sums(LedgerFilter { account: Some(LedgerAccount::Bank), ..any() }).await, all);
    let of_other = [(clearing, 50, 0), (LedgerAccount::Customer, 0, 50)];
    assert_eq!(sums(LedgerFilter { order_id: Some(other.id), ..any() }).await, of_other);
    assert_eq!(sums(LedgerFilter { from: Some(after(6)), to: Some(after(99)), ..any() }).await, of_other);
    assert_eq!(sums(LedgerFilter { to: Some(NOW), ..any() }).await, []);
}

async fn operations_are_due_when_nobody_holds_them_r90(db: TestDb) {
    let (order, paid) = with_payment(&db, PaymentStatus::Captured, 900).await;
    let held = |until| Some(Lease { holder: id(), until });
    let at = |seconds| Some(after(seconds));
    let all: Vec<_> = [
        (OperationStatus::Pending, at(5), None),
        (OperationStatus::Pending, at(3), held(after(4))),
        (OperationStatus::Pending, at(1), held(after(60))),
        (OperationStatus::Pending, at(60), None),
        (OperationStatus::Unknown, at(1), None),
        (OperationStatus::Done, None, None),
    ]
    .into_iter()
    .map(|(status, next_at, lease)| PaymentOperation {
        status,
        next_at,
        lease,
        ..operation(&paid, OperationKind::Void)
    })
    .collect();
    let added = all.clone();
    change(&db, order.id, |now| {
        now.operations = added;
        Some(Vec::new())
    })
    .await
    .unwrap();
    let queries = db.database.queries().payments;
    let due = async |now, limit| queries.due_operations(now, limit).await.unwrap();
    let expected = |places: &[usize]| -> Vec<_> {
        let due = |place: &usize| DueOperation { id: all[*place].id, payment_id: paid.id, order_id: order.id };
        places.iter().map(due).collect()
    };
    assert_eq!(due(after(10), 9).await, expected(&[1, 0]));
    assert_eq!(due(after(10), 1).await, expected(&[1]));
    assert_eq!(due(after(3), 9).await, []);
    assert_eq!(due(after(60), 9).await, expected(&[2, 1, 0, 3]));
}

async fn open_payments_are_found_in_order_of_id_r98(db: TestDb) {
    let mut ids = Vec::new();
    for (status, called, updated_at) in [
        (PaymentStatus::Processing, Some("a"), NOW),
        (PaymentStatus::Authorised, Some("b"), NOW),
        (PaymentStatus::Pending, None, NOW),
        (PaymentStatus::RequiresAction, Some("c"), after(60)),
        (PaymentStatus::Captured, Some("d"), NOW),
        (PaymentStatus::RequiresAction, Some("e"), NOW),
    ] {
        let (order, paid) = with_payment(&db, status, 0).await;
        change(&db, order.id, |all| {
            let one = &mut all.payments[0];
            (one.reference, one.updated_at, one.version) = (called.map(reference), updated_at, one.version.next());
            Some(Vec::new())
        })
        .await
        .unwrap();
        ids.push(paid.id);
    }
    let queries = db.database.queries().payments;
    let open = async |last, limit| {
        let found = queries.open_payments(after(60), last, limit).await.unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(open(None, 9).await, [ids[0], ids[1], ids[5]]);
    assert_eq!(open(None, 2).await, [ids[0], ids[1]]);
    assert_eq!(open(Some(ids[1]), 2).await, [ids[5]]);
    // Of those that a provider has, open or not.
    let begun = async |after, limit| -> Vec<_> {
        let found = queries.begun_payments(after, limit).await.unwrap();
        found.iter().map(|payment| payment.reference.as_ref().unwrap().as_str().to_owned()).collect()
    };
    assert_eq!(begun(None, 9).await, ["a", "b", "c", "d", "e"]);
    assert_eq!(begun(Some(ids[1]), 2).await, ["c", "d"]);
    assert!(begun(Some(ids[5]), 9).await.is_empty());
}

async fn a_repeated_notice_is_known_and_each_is_processed_when_it_is_due_r88(db: TestDb) {
    let notice = |event: &str, at: u64| PaymentNotice {
        provider: name("stripe"),
        event_id: EventId::parse(event).unwrap(),
        kind: NoticeKind::parse("payment_intent.succeeded").unwrap(),
        reference: Some(reference("pi_1")),
        received_at: after(at),
        status: NoticeStatus::New,
        attempts: 0,
        next_at: Some(after(at)),
        error: None,
    };
    let (early, late) = (notice("evt_1", 1), PaymentNotice { reference: None, ..notice("evt_2", 2) });
    let of_another = PaymentNotice { provider: name("test"), ..notice("evt_1", 3) };
    let queries = db.database.queries().payments;
    for one in [&late, &early, &of_another] {
        let mut tx = db.begin().await;
        assert!(tx.payments().add_notice(one).await.unwrap());
        tx.commit().await.unwrap();
        let mut tx = db.begin().await;
        assert!(!tx.payments().add_notice(one).await.unwrap(), "it is known");
        // The transaction goes on.
        let found = tx.payments().lock_notice(&one.provider, &one.event_id).await.unwrap();
        assert_eq!(found.as_ref(), Some(one));
        tx.commit().await.unwrap();
    }
    assert_eq!(queries.due_notices(NOW, 9).await.unwrap(), []);
    assert_eq!(queries.due_notices(after(2), 9).await.unwrap(), [early.clone(), late.clone()]);
    assert_eq!(queries.due_notices(after(3), 1).await.unwrap(), std::slice::from_ref(&early));
    let finish = async |notice: &PaymentNotice, status, next_at| {
        let error = Some(ProviderMessage::new("no such payment"));
        let now = PaymentNotice { status, attempts: 1, next_at, error, ..notice.clone() };
        let mut tx = db.begin().await;
        tx.payments().update_notice(&now).await.unwrap();
        assert_eq!(tx.payments().lock_notice(&now.provider, &now.event_id).await.unwrap(), Some(now));
        tx.commit().await.unwrap();
    };
    finish(&early, NoticeStatus::Done, None).await;
    finish(&late, NoticeStatus::New, Some(after(60))).await;
    finish(&of_another, NoticeStatus::Failed, None).await;
    assert_eq!(queries.counts().await.unwrap().failed_notices, 1);
    assert_eq!(queries.due_notices(after(59), 9).await.unwrap(), []);
    let counted = queries.notices_by_status().await.unwrap();
    assert_eq!(counted, [(NoticeStatus::Done, 1), (NoticeStatus::Failed, 1), (NoticeStatus::New, 1)]);
    let purge = async |before| {
        let mut tx = db.begin().await;
        let purged = tx.payments().purge_notices(before, 9).await.unwrap();
        tx.commit().await.unwrap();
        purged
    };
    assert_eq!((purge(after(1)).await, purge(after(3)).await, purge(after(99)).await), (0, 1, 1));
    assert_eq!(db.number("SELECT COUNT(*) FROM payment_notices WHERE status = 'new'").await, 1, "not finished");
    let mut tx = db.begin().await;
    assert_eq!(tx.payments().lock_notice(&early.provider, &early.event_id).await.unwrap(), None);
}

async fn orders_are_listed_by_payment_status_r62_r80(db: TestDb) {
    use OrderPaymentStatus::{NotRequired, Paid, Unpaid};
    let (ann, bob) = (CustomerId(id()), CustomerId(id()));
    let terms = PaymentTerms::Prepaid;
    let free = order(ann, &[&product("Cup", None)], NOW);
    let all = [
        owing(ann, terms, Paid),
        owing(bob, terms, Unpaid),
        free,
        owing(bob, terms, NotRequired),
        owing(bob, terms, Paid),
    ];
    for order in &all {
        add(&db, order).await;
    }
    let queries = db.database.queries().orders;
    let list = async |scope, filter: OrderFilter| {
        let pages = every_page(2, async |page| queries.list(scope, &filter, &page).await.unwrap()).await;
        pages.into_iter().map(|one| all.iter().position(|other| *other == one).unwrap()).collect::<Vec<_>>()
    };
    let of = |status| OrderFilter { payment_status: Some(status), ..OrderFilter::default() };
    let everybody = OrderScope::All;
    assert_eq!(list(everybody, of(Paid)).await, [4, 0]);
    assert_eq!(list(everybody, of(Unpaid)).await, [1]);
    assert_eq!(list(everybody, of(NotRequired)).await, [3, 2], "without a balance too");
    assert_eq!(list(everybody, of(OrderPaymentStatus::Refunded)).await, [0; 0]);
    assert_eq!(list(OrderScope::Of(ann), of(Paid)).await, [0]);
    assert_eq!(list(OrderScope::Of(ann), of(NotRequired)).await, [2]);
    let placed = OrderFilter { status: Some(OrderStatus::Placed), updated_after: Some(NOW), ..of(Paid) };
    assert_eq!(list(everybody, placed).await, [0, 4], "in order of the change");
    let shipped = OrderFilter { status: Some(OrderStatus::Shipped), ..of(Paid) };
    assert_eq!(list(everybody, shipped).await, [0; 0]);
    let called = OrderFilter { number: all[0].number, ..of(Paid) };
    assert_eq!(list(everybody, called).await, [0]);
}

async fn orders_are_listed_by_what_is_to_be_done_as_the_domain_says_r80_r239(db: TestDb) {
    let (ann, bob) = (CustomerId(id()), CustomerId(id()));
    let mut all = Vec::new();
    for status in OrderStatus::ALL {
        all.push(Order { status: *status, ..order(ann, &[&product("Cup", None)], NOW) });
        for terms in [PaymentTerms::Prepaid, PaymentTerms::OnDelivery] {
            for money in OrderPaymentStatus::ALL {
                all.push(Order { status: *status, ..owing(bob, terms, *money) });
            }
        }
    }
    for order in &all {
        add(&db, order).await;
    }
    let queries = db.database.queries().orders;
    for stage in OrderStage::ALL {
        let list = async |filter: OrderFilter| {
            let filter = OrderFilter { stage: Some(*stage), ..filter };
            let read = async |page| queries.list(OrderScope::All, &filter, &page).await.unwrap();
            every_page(7, read).await.into_iter().map(|order| order.id).collect::<Vec<_>>()
        };
        let wanted: Vec<_> = all.iter().filter(|order| stage.has(order)).collect();
        let ids = |keep: &dyn Fn(&Order) -> bool| {
            wanted.iter().filter(|order| keep(order)).map(|order| order.id).collect::<Vec<_>>()
        };
        let oldest = OrderFilter { sort: Some(OrderSort::Oldest), ..OrderFilter::default() };
        assert_eq!(list(oldest).await, ids(&|_| true), "{stage:?}");
        let processing = OrderFilter {
            status: Some(OrderStatus::Processing),
            sort: Some(OrderSort::Oldest),
            ..OrderFilter::default()
        };
        assert_eq!(list(processing).await, ids(&|order| order.status == OrderStatus::Processing), "{stage:?}");
        let of_ann = OrderFilter { customer_id: Some(ann), sort: Some(OrderSort::Oldest), ..OrderFilter::default() };
        assert_eq!(list(of_ann).await, ids(&|order| order.customer_id == ann), "{stage:?}");
    }
}
