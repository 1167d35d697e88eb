use std::collections::{BTreeMap, BTreeSet};

use domain::events::EventType;
use domain::pricing::{
    Action, Conditions, Coupon, CouponKey, CouponText, PricingData, Promotion, PromotionClass, PromotionId,
    PromotionName, Refusal, Targets,
};
use domain::promotions::{GivenCoupon, Uses};
use mockall::Sequence;

use super::tests::{book, from_cart};
use super::*;
use crate::testing::{Mocks, customer, id, line, run, stock};
use domain::{Price, UtcDateTime, Uuid};

/// 50 minor units off the order, in one of `uses` uses.
fn promotion(n: u128, usage_limit: Option<i64>) -> Promotion {
    Promotion {
        id: PromotionId(id(n)),
        name: PromotionName::parse("Summer").unwrap(),
        class: PromotionClass::Order,
        action: Action::Amount(Price::parse(50).unwrap()),
        conditions: Conditions::default(),
        targets: Targets::default(),
        combines: BTreeSet::new(),
        priority: 0,
        starts_at: UtcDateTime::UNIX_EPOCH,
        ends_at: None,
        usage_limit,
        per_customer_limit: None,
        used: 0,
    }
}

fn automatic(promotions: Vec<Promotion>) -> PricingData {
    PricingData { version: 7, promotions, ..PricingData::default() }
}

/// A transaction that finds two units at 100 in the cart, and prices at this version.
fn cart_at(version: i64) -> Mocks {
    let mut tx = Mocks::default();
    let snapshot = PricingSnapshot { version, exemption: None };
    tx.carts.expect_take().once().return_once(move |_, _| Ok((vec![line(1, 2, 9)], snapshot)));
    tx
}

/// Lets the order be written and its stock be sold.
fn placing(mut tx: Mocks) -> Mocks {
    tx.orders.expect_insert().once().returning(|_| Ok(()));
    tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
    tx.stock.expect_sell().once().returning(|sale| Ok(Sold::Applied(sale.apply(&[stock(1, 9)]).unwrap())));
    tx
}

fn expecting(total: i64, data: PricingData) -> PlaceOrder {
    PlaceOrder { expected_total: Some(ExpectedTotal(total)), book: book(data), ..from_cart() }
}

fn codes(texts: &[&str]) -> GivenCodes {
    GivenCodes::parse(texts.iter().map(|text| CouponText::parse(text).unwrap()).collect()).unwrap()
}

fn given(text: &str, used: i64) -> GivenCoupon {
    let coupon = Coupon { text: CouponText::parse(text).unwrap(), customer_id: None, usage_limit: Some(1), used };
    let key = CouponKey::of(&coupon.text).unwrap();
    let since = UtcDateTime::UNIX_EPOCH;
    GivenCoupon { key, coupon, since, promotion: promotion(0x50, None), uses: 0 }
}

#[tokio::test]
async fn rules_of_the_version_in_memory_are_not_read_again_r108() {
    let mut tx = placing(cart_at(7));
    tx.promotions.expect_redeem().once().returning(|_| Ok(Redeemed::Deferred));
    let order = run(&expecting(150, automatic(vec![promotion(0x50, None)])), &mut tx).await.unwrap();
    assert_eq!((order.total.amount, order.adjustments.len()), (150, 1));
}

#[tokio::test]
async fn rules_that_changed_meanwhile_are_read_in_the_transaction_r108() {
    let mut tx = placing(cart_at(8));
    tx.pricing.expect_data().once().returning(|| Ok(PricingData { version: 8, ..PricingData::default() }));
    let order = run(&expecting(200, automatic(vec![promotion(0x50, None)])), &mut tx).await.unwrap();
    assert_eq!((order.total.amount, order.adjustments), (200, vec![]));
}

#[tokio::test]
async fn nothing_is_written_when_the_total_is_another_one_r108() {
    let refused = run(&expecting(200, automatic(vec![promotion(0x50, None)])), &mut cart_at(7)).await.unwrap_err();
    let Error::Conflict(Conflict::TotalsChanged { totals, .. }) = refused else { panic!("{refused}") };
    assert_eq!((totals.subtotal, totals.discount, totals.total), (200, 50, 150));
}

#[tokio::test]
async fn uses_are_counted_before_the_stock_is_sold_r106() {
    let mut tx = cart_at(7);
    let mut order = Sequence::new();
    tx.promotions
        .expect_offered()
        .once()
        .withf(|keys, limited, who| keys.is_empty() && limited == [PromotionId(id(0x50))] && *who == customer())
        .returning(|_, _, _| Ok(Offered::default()));
    tx.orders.expect_insert().once().in_sequence(&mut order).returning(|_| Ok(()));
    tx.outbox.expect_append().once().in_sequence(&mut order).returning(|_, _, _| Ok(()));
    let counts = |all: &[Redemption]| all.len() == 1 && all[0].amount == 50 && all[0].limits.promotion == Some(1);
    let redeem = tx.promotions.expect_redeem().once().in_sequence(&mut order).withf(counts);
    redeem.returning(|_| Ok(Redeemed::Deferred));
    // Whether it was the last use is known only then.
    let appends = |id: &PromotionId, _: &Uuid, event: &Event, _: &UtcDateTime| {
        event.event_type == EventType::PromotionExhausted && event.stream == id.0
    };
    let append = tx.promotions.expect_append_if_exhausted().once().in_sequence(&mut order).withf(appends);
    append.returning(|_, _, _, _| Ok(()));
    tx.stock.expect_sell().once().in_sequence(&mut order).returning(|_| Ok(Sold::Deferred));
    run(&expecting(150, automatic(vec![promotion(0x50, Some(1))])), &mut tx).await.unwrap();
}

#[tokio::test]
async fn a_limited_promotion_is_priced_by_its_uses_of_now_r106() {
    let mut tx = cart_at(7);
    let uses = BTreeMap::from([(PromotionId(id(0x50)), Uses { of_all: 1, of_customer: 0 })]);
    tx.promotions.expect_offered().once().return_once(|_, _, _| Ok(Offered { coupons: vec![], uses }));
    let refused = run(&expecting(150, automatic(vec![promotion(0x50, Some(1))])), &mut tx).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(Conflict::TotalsChanged { totals, .. }) if totals.total == 200));
}

#[tokio::test]
async fn an_order_whose_promotion_runs_out_meanwhile_is_priced_again_r106() {
    let mut tx = cart_at(7);
    tx.promotions.expect_offered().once().returning(|_, _, _| Ok(Offered::default()));
    tx.orders.expect_insert().once().returning(|_| Ok(()));
    tx.outbox.expect_append().once().returning(|_, _, _| Ok(()));
    tx.promotions.expect_redeem().once().returning(|_| Ok(Redeemed::Exhausted(vec![])));
    let lost = run(&expecting(150, automatic(vec![promotion(0x50, Some(1))])), &mut tx).await.unwrap_err();
    assert!(matches!(lost, Error::Raced(_)));
}

#[tokio::test]
async fn codes_that_do_not_apply_refuse_the_order_by_place_r105_r106() {
    let order = |texts: &[&str]| PlaceOrder { codes: codes(texts), ..expecting(150, automatic(vec![])) };
    let offering = |coupons: Vec<GivenCoupon>| {
        let mut tx = cart_at(7);
        let offered = Offered { coupons, uses: BTreeMap::new() };
        tx.promotions.expect_offered().once().return_once(|_, _, _| Ok(offered));
        tx
    };
    let unknown = run(&order(&["summer", "lost"]), &mut offering(vec![given("SUMMER", 0)])).await.unwrap_err();
    assert!(matches!(unknown, Error::Coupons(all) if all == [(1, Refusal::Unknown)]));
    let gone = run(&order(&["summer"]), &mut offering(vec![given("SUMMER", 1)])).await.unwrap_err();
    assert!(matches!(gone, Error::Conflict(Conflict::CouponExhausted(places)) if places == [0]));
}
