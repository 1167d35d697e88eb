//! What waits to be done, counted as the lists have it.

use domain::customers::CustomerId;
use domain::orders::{Order, OrderFilter, OrderPaymentStatus, OrderScope, OrderStage, OrderStatus, PaymentTerms};
use domain::payments::{Finding, Payment, PaymentFilter, PaymentKind, PaymentStatus};
use domain::reports::{Outstanding, ToDo};
use domain::restocks::{Restock, RestockFilter, RestockId, RestockStatus};
use domain::stock::{RestockPolicy, StockFilter};
use domain::{Money, Page, PageRequest, StoreError};

use crate::payments::{add, change, owing, refund, with_payment};
use crate::support::{NOW, TestDb, every_page, id, order, product, shop};

on_every_database!(
    what_waits_to_be_done_is_counted_as_the_lists_have_it_r238,
    what_waits_to_be_done_is_counted_up_to_a_limit_r238,
);

/// Some of each kind, and others that wait for nobody.
async fn fill(db: &TestDb) {
    let customer = CustomerId(id());
    for status in OrderStatus::ALL {
        add(db, &Order { status: *status, ..order(customer, &[&product("Cup", None)], NOW) }).await;
        for terms in [PaymentTerms::Prepaid, PaymentTerms::OnDelivery] {
            for money in OrderPaymentStatus::ALL {
                add(db, &Order { status: *status, ..owing(customer, terms, *money) }).await;
            }
        }
    }
    let none = |payment: Payment| payment;
    let with_finding = |payment| Payment { finding: Some(Finding::Overpaid), ..payment };
    let by_hand = |payment| Payment { kind: PaymentKind::BankTransfer, ..payment };
    let kinds: [&dyn Fn(Payment) -> Payment; 6] = [&none, &none, &with_finding, &with_finding, &by_hand, &by_hand];
    for (pending, changed) in [0, 30, 0, 50, 70, 90].into_iter().zip(kinds) {
        let (order, paid) = with_payment(db, PaymentStatus::Captured, 900).await;
        let back = (pending > 0).then(|| refund(&paid, pending));
        let payment = Payment { refund_pending: pending, ..changed(paid) };
        change(db, order.id, |all| {
            all.payments[0] = payment;
            all.refunds.extend(back);
            Some(Vec::new())
        })
        .await
        .unwrap();
    }
    for on_hand in [1, 2, 9] {
        let low = db.add_product("Teapot", on_hand).await.id;
        let mut tx = db.begin().await;
        let stock = tx.stock().lock(&[low]).await.unwrap().remove(0);
        let stock = stock.with_policy(RestockPolicy::parse(3, 9).unwrap(), NOW);
        tx.stock().set_policy(&stock).await.unwrap();
        // What is not low is not restocked. Of the others, one restock is received and one is on its way.
        if on_hand < 3 {
            let open = Restock::due(RestockId(id()), &stock, NOW);
            tx.restocks().insert(std::slice::from_ref(&open)).await.unwrap();
            if on_hand == 1 {
                let received = open.receive(None, NOW + std::time::Duration::from_secs(1)).unwrap();
                tx.restocks().update(&received).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
    }
}

async fn all<T>(read: impl AsyncFn(PageRequest) -> Result<Page<T>, StoreError>) -> Vec<T> {
    every_page(50, async |page| read(page).await.unwrap()).await
}

fn outstanding(amounts: impl Iterator<Item = i64>) -> Outstanding {
    let amounts: Vec<_> = amounts.collect();
    let sum = Money { amount: amounts.iter().sum(), currency: shop().currency };
    Outstanding { count: amounts.len() as u64, sums: vec![sum] }
}

async fn what_waits_to_be_done_is_counted_as_the_lists_have_it_r238(db: TestDb) {
    let queries = db.database.queries();
    assert_eq!(queries.reports.to_do(ToDo::MOST).await.unwrap(), ToDo::default(), "nothing is there yet");
    fill(&db).await;
    let orders =
        async |filter: OrderFilter| all(async |page| queries.orders.list(OrderScope::All, &filter, &page).await).await;
    let payments = async |filter: PaymentFilter| all(async |page| queries.payments.list(&filter, &page).await).await;
    let to_ship = orders(OrderFilter { stage: Some(OrderStage::ToShip), ..OrderFilter::default() }).await;
    let unpaid =
        orders(OrderFilter { payment_status: Some(OrderPaymentStatus::Unpaid), ..OrderFilter::default() }).await;
    let findings = payments(PaymentFilter { with_finding: true, ..PaymentFilter::default() }).await;
    let to_pay = payments(PaymentFilter { refund_to_pay: true, ..PaymentFilter::default() }).await;
    let low = StockFilter { below_threshold: Some(true), ..StockFilter::default() };
    let open = RestockFilter { status: Some(RestockStatus::Open), ..RestockFilter::default() };
    let expected = ToDo {
        orders_to_ship: to_ship.len() as u64,
        orders_unpaid: outstanding(unpaid.iter().map(|order| order.balance.as_ref().unwrap().due())),
        payments_with_finding: findings.len() as u64,
        refunds_to_pay: outstanding(to_pay.iter().map(|payment| payment.refund_pending)),
        products_low: all(async |page| queries.stock.list(&low, &page).await).await.len() as u64,
        restocks_open: all(async |page| queries.restocks.list(&open, &page).await).await.len() as u64,
    };
    assert_eq!(queries.reports.to_do(ToDo::MOST).await.unwrap(), expected);
    assert_eq!((expected.payments_with_finding, expected.refunds_to_pay.sums[0].amount), (2, 160));
    assert_eq!((expected.products_low, expected.restocks_open), (2, 1));
}

async fn what_waits_to_be_done_is_counted_up_to_a_limit_r238(db: TestDb) {
    fill(&db).await;
    let counted = db.database.queries().reports.to_do(1).await.unwrap();
    let ToDo { orders_unpaid, refunds_to_pay, .. } = &counted;
    assert_eq!((counted.orders_to_ship, counted.payments_with_finding), (1, 1));
    assert_eq!((counted.products_low, counted.restocks_open), (1, 1));
    assert_eq!((orders_unpaid.count, refunds_to_pay.count), (1, 1));
    assert!([70, 90].contains(&refunds_to_pay.sums[0].amount), "{refunds_to_pay:?}");
}
