use std::time::Duration;

use domain::carts::LineProblem;
use domain::events::EventType;
use domain::orders::{OrderPaymentStatus, PaymentTerms};
use domain::pricing::PricingData;
use domain::products::{Offer, ProductId, ProductStatus};
use domain::stock::Stock;
use domain::{Price, PricingSnapshot, Quantity, StoreError};
use mockall::Sequence;

use super::*;
use crate::testing::{CountingIds, Mocks, NOW, ctx, customer, id, line, offer, run, run_paid, stock};

pub fn book(data: PricingData) -> Arc<PriceBook> {
    Arc::new(PriceBook::new(Arc::default(), data))
}

pub fn from_cart() -> PlaceOrder {
    let placement = Placement { customer_id: customer(), shipping_address: None, note: None };
    PlaceOrder {
        placement,
        items: None,
        method: None,
        codes: GivenCodes::default(),
        expected_total: None,
        book: book(PricingData::default()),
    }
}

fn of_items(items: &[(u128, i64)]) -> PlaceOrder {
    let items = items.iter().map(|(p, n)| (ProductId(id(*p)), Quantity::parse(*n).unwrap())).collect();
    PlaceOrder { items: Some(Items::parse(items).unwrap()), ..from_cart() }
}

fn cart_of(lines: Vec<Line>) -> Mocks {
    let mut tx = Mocks::default();
    tx.carts
        .expect_take()
        .once()
        .withf(|id, at| *id == customer() && *at == NOW)
        .return_once(move |_, _| Ok((lines, PricingSnapshot::default())));
    tx
}

/// A transaction with these offers for an existing customer.
fn offering(offers: Vec<Offer>) -> Mocks {
    let mut tx = Mocks::default();
    let offering = tx.products.expect_offers_to().once().withf(|id, _| *id == customer());
    offering.return_once(move |_, _| Ok(Some((offers, PricingSnapshot::default()))));
    tx
}

/// The result of a store that carries out a sale at once.
fn sold(sale: &Sale, stocks: &[Stock]) -> Sold {
    Sold::Applied(sale.apply(stocks).unwrap())
}

#[tokio::test]
async fn an_order_of_the_cart_empties_it_and_takes_the_stock_last_r60_r61() {
    let mut tx = cart_of(vec![line(1, 2, 9), line(2, 1, 9)]);
    let mut order_of_effects = Sequence::new();
    tx.orders.expect_insert().once().in_sequence(&mut order_of_effects).returning(|_| Ok(()));
    tx.outbox.expect_append().once().in_sequence(&mut order_of_effects).returning(|_, _, _| Ok(()));
    let takes = |sale: &Sale| {
        let items = sale.items.iter().map(|(id, quantity)| (id.0, quantity.get()));
        sale.order_id.0 == id(1) && items.eq([(id(1), 2), (id(2), 1)])
    };
    let sell = tx.stock.expect_sell().once().in_sequence(&mut order_of_effects).withf(takes);
    sell.returning(|sale| Ok(sold(sale, &[stock(1, 9), stock(2, 9)])));

    let order = run(&from_cart(), &mut tx).await.unwrap();
    assert_eq!((order.id.0, order.total.amount, order.placed_at), (id(1), 300, NOW));
}

#[tokio::test]
async fn only_a_customer_with_a_verified_address_orders_where_that_is_required_r155() {
    let ids = CountingIds::default();
    let ctx = Ctx { requires_verified_email: true, ..ctx(&ids) };
    let mut tx = Mocks::default();
    tx.mails.expect_has_verified().once().withf(|id| *id == customer()).returning(|_| Ok(false));
    assert!(matches!(from_cart().run(&mut tx, &ctx).await.unwrap_err(), Error::EmailUnverified));
    let mut tx = cart_of(vec![]);
    tx.mails.expect_has_verified().once().returning(|_| Ok(true));
    let empty = from_cart().run(&mut tx, &ctx).await.unwrap_err();
    assert!(matches!(empty, Error::Conflict(Conflict::CartEmpty)), "{empty:?}");
}

#[tokio::test]
async fn a_sale_knows_whether_every_product_stays_above_its_reorder_point_r44_r61() {
    for (on_hand, above) in [(2, true), (1, false)] {
        let mut tx = cart_of(vec![line(1, 2, 9), line(2, 1, on_hand)]);
        tx.orders.expect_insert().once().returning(|_| Ok(()));
        tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
        let says = move |sale: &Sale| sale.above_reorder_point == above;
        tx.stock.expect_sell().once().withf(says).returning(|_| Ok(Sold::Deferred));
        run(&from_cart(), &mut tx).await.unwrap();
    }
}

#[tokio::test]
async fn a_sale_that_leaves_a_product_below_its_threshold_opens_a_restock_r44() {
    let mut tx = cart_of(vec![line(1, 2, 9)]);
    tx.orders.expect_insert().once().returning(|_| Ok(()));
    tx.expect_events([EventType::OrderPlaced, EventType::StockBelowThreshold, EventType::RestockOpened]);
    let due = || Stock { restock_threshold: 8, restock_target: 20, ..stock(1, 9) };
    tx.stock.expect_sell().once().returning(move |sale| Ok(sold(sale, &[due()])));
    tx.restocks.expect_barred().once().returning(|_| Ok(vec![]));
    tx.restocks.expect_insert().once().withf(|all| all[0].quantity == 13).returning(|_| Ok(()));
    run(&from_cart(), &mut tx).await.unwrap();
}

#[tokio::test]
async fn an_order_of_items_leaves_the_cart_alone_r60() {
    let mut tx = offering(vec![offer(1, 9), offer(2, 9)]);
    tx.orders.expect_insert().once().returning(|_| Ok(()));
    tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
    tx.stock.expect_sell().once().returning(|sale| Ok(sold(sale, &[stock(1, 9), stock(2, 9)])));
    let order = run(&of_items(&[(2, 1), (1, 3)]), &mut tx).await.unwrap();
    assert_eq!(order.lines.iter().map(|l| l.line_total.amount).collect::<Vec<_>>(), [300, 100]);
}

#[tokio::test]
async fn nothing_is_written_for_a_customer_who_was_deleted_meanwhile_r13_r60() {
    let mut tx = Mocks::default();
    tx.products.expect_offers_to().once().returning(|_, _| Ok(None));
    assert!(matches!(run(&of_items(&[(1, 1)]), &mut tx).await.unwrap_err(), Error::Unauthenticated(_)));
}

#[tokio::test]
async fn nothing_is_written_when_the_cart_is_empty_r60() {
    let refused = run(&from_cart(), &mut cart_of(vec![])).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(Conflict::CartEmpty)));
}

#[tokio::test]
async fn nothing_is_written_when_a_line_cannot_be_ordered_and_all_such_lines_are_named_r60() {
    let archived = Offer { status: ProductStatus::Archived, ..offer(2, 9) };
    let mut tx = offering(vec![offer(1, 2), archived, offer(4, 9)]);
    let refused = run(&of_items(&[(1, 3), (2, 1), (3, 1), (4, 1)]), &mut tx).await.unwrap_err();
    let Error::Conflict(Conflict::Lines(lines)) = refused else { panic!("not refused by line") };
    let refusals: Vec<_> = lines.iter().map(|l| (l.product_id.0, l.problem, l.requested, l.available)).collect();
    assert_eq!(
        refusals,
        [(id(1), LineProblem::Short, 3, 2), (id(2), LineProblem::Archived, 1, 0), (id(3), LineProblem::Unknown, 1, 0)]
    );
}

#[tokio::test]
async fn a_purchase_that_loses_a_race_for_stock_is_retried_r61() {
    let mut tx = cart_of(vec![line(1, 2, 9)]);
    tx.orders.expect_insert().once().returning(|_| Ok(()));
    tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
    tx.stock.expect_sell().once().returning(|_| Err(StoreError::Raced("sold in between".into())));
    assert!(matches!(run(&from_cart(), &mut tx).await.unwrap_err(), Error::Raced(_)));
}

#[tokio::test]
async fn a_database_error_fails_the_purchase_r61() {
    let mut tx = cart_of(vec![line(1, 2, 9)]);
    tx.orders.expect_insert().once().returning(|_| Err(StoreError::Unavailable("gone".into())));
    assert!(matches!(run(&from_cart(), &mut tx).await.unwrap_err(), Error::Unavailable(_)));
}

/// A transaction that writes an order of two units at 100, with this balance or none.
fn placing_with(balance: bool) -> Mocks {
    let mut tx = cart_of(vec![line(1, 2, 9)]);
    tx.orders.expect_insert().once().withf(move |order| order.balance.is_some() == balance).returning(|_| Ok(()));
    tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
    tx.stock.expect_sell().once().returning(|_| Ok(Sold::Deferred));
    tx
}

#[tokio::test]
async fn an_order_has_to_be_paid_only_where_the_shop_says_so_r80() {
    assert_eq!(run(&from_cart(), &mut placing_with(false)).await.unwrap().balance, None);
    let mut tx = placing_with(true);
    tx.payments.expect_unpaid_orders().once().withf(|id| *id == customer()).returning(|_| Ok(2));
    let balance = run_paid(&from_cart(), &mut tx).await.unwrap().balance.unwrap();
    assert_eq!((balance.terms, balance.status), (PaymentTerms::Prepaid, OrderPaymentStatus::Unpaid));
    assert_eq!((balance.total, balance.pay_by), (200, Some(NOW + Duration::from_mins(30))));
}

#[tokio::test]
async fn a_customer_has_only_so_many_unpaid_orders_r80() {
    let mut tx = cart_of(vec![line(1, 2, 9)]);
    tx.payments.expect_unpaid_orders().once().returning(|_| Ok(3));
    let refused = run_paid(&from_cart(), &mut tx).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(Conflict::UnpaidOrders(3))));
}

#[tokio::test]
async fn an_order_that_costs_nothing_is_never_paid_r80() {
    let free = Line { offer: Some(Offer { price: Price::parse(0).unwrap(), ..offer(1, 9) }), ..line(1, 2, 9) };
    let mut tx = cart_of(vec![free]);
    tx.orders.expect_insert().once().withf(|order| order.balance.is_none()).returning(|_| Ok(()));
    tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
    tx.stock.expect_sell().once().returning(|_| Ok(Sold::Deferred));
    run_paid(&from_cart(), &mut tx).await.unwrap();
}
