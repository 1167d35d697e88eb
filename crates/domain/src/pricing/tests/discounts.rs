//! Which promotions apply, and in which order.

use super::shop::{DE19, NOW, Purchase, TODAY, country, money, ppm, product, promotion, with_tax, without_tax};
use crate::addresses::CountryCode;
use crate::customers::CustomerId;
use crate::pricing::PromotionClass::{Line, Order, Shipping};
use crate::pricing::{
    Action, BuyGet, Buyer, Candidate, Condition, Conditions, Coupon, CouponText, Input, PriceError, Promotion,
    PromotionClass, PromotionOutcome, Refusal, Targets, price,
};
use crate::{Price, Uuid};

fn amount(amount: i64) -> Action {
    Action::Amount(money(amount))
}

/// What each promotion takes off 100.00, or why it does not apply.
fn results(promotions: Vec<Promotion>) -> Vec<Result<i64, Refusal>> {
    let purchase = with_tax().line(10_000, &[]).shipping(490);
    let priced = Purchase { promotions, ..purchase }.price();
    priced.outcomes.into_iter().map(|outcome| outcome.result).collect()
}

#[test]
fn percentages_of_one_class_multiply_r112() {
    let tenth = |number| promotion(number, Line, Action::Percent(ppm(100_000)));
    assert_eq!(results(vec![tenth(1), tenth(2)]), [Ok(1_000), Ok(900)]);
}

#[test]
fn classes_come_one_after_the_other_whatever_their_priority_r112() {
    let half =
        |number, class, priority| Promotion { priority, ..promotion(number, class, Action::Percent(ppm(500_000))) };
    assert_eq!(
        results(vec![half(1, Shipping, 9), half(2, Order, 9), half(3, Line, 0)]),
        [Ok(245), Ok(2_500), Ok(5_000)]
    );
}

#[test]
fn in_a_class_priority_comes_first_then_the_larger_saving_then_the_id_r112() {
    let alone = |number, saving, priority| Promotion {
        priority,
        combines: [].into(),
        ..promotion(number, Line, amount(saving))
    };
    let refused = Err(Refusal::NotCombinable);
    assert_eq!(results(vec![alone(1, 500, 0), alone(2, 100, 1)]), [refused, Ok(100)]);
    assert_eq!(results(vec![alone(1, 100, 0), alone(2, 500, 0)]), [refused, Ok(500)]);
    assert_eq!(results(vec![alone(2, 100, 0), alone(1, 100, 0)]), [refused, Ok(100)]);
}

#[test]
fn promotions_stand_together_if_each_names_the_class_of_the_other_r112() {
    let with = |number, class, combines: &[PromotionClass]| Promotion {
        combines: combines.iter().copied().collect(),
        ..promotion(number, class, amount(100))
    };
    let refused = Err(Refusal::NotCombinable);
    assert_eq!(results(vec![with(1, Line, &[Order]), with(2, Order, &[Line])]), [Ok(100), Ok(100)]);
    assert_eq!(results(vec![with(1, Line, &[Order]), with(2, Order, &[])]), [Ok(100), refused]);
    assert_eq!(results(vec![with(1, Line, &[]), with(2, Shipping, &[Line])]), [Ok(100), refused]);
    assert_eq!(results(vec![with(1, Line, &[Line]), with(2, Line, &[Line])]), [Ok(100), Ok(100)]);
    assert_eq!(results(vec![with(1, Line, &[Order]), with(2, Line, &[Order])]), [Ok(100), refused]);
    assert_eq!(results(vec![with(1, Line, &[Line]), with(1, Line, &[Line])]), [Ok(100), refused]);
}

#[test]
fn a_promotion_that_takes_nothing_off_is_not_used_and_excludes_no_other_r112() {
    let nothing = Promotion { priority: 9, combines: [].into(), ..promotion(1, Line, amount(0)) };
    let elsewhere = Promotion { targets: Targets([product(7)].into()), ..promotion(2, Line, amount(100)) };
    let refused = Err(Refusal::ConditionsNotMet(Condition::Targets));
    assert_eq!(results(vec![nothing, elsewhere, promotion(3, Line, amount(100))]), [refused, refused, Ok(100)]);
    let free = Action::Percent(ppm(1_000_000));
    assert_eq!(results(vec![promotion(1, Line, free), promotion(2, Order, amount(1))]), [Ok(10_000), refused]);
}

#[test]
fn an_amount_each_comes_off_every_unit_but_never_more_than_is_left_r112() {
    let priced = with_tax().lines(3, 1_000, &[]).line(150, &[]).promoted(Line, Action::AmountEach(money(200))).price();
    assert_eq!(priced.line_discounts(), [600, 150]);
}

#[test]
fn buy_and_get_takes_no_more_off_a_line_than_is_left_r113() {
    let one_free = Action::BuyGet(BuyGet { buy: 1, get: 1, off: ppm(1_000_000), max_times: None });
    let purchase = with_tax().line(1_000, &[]).line(900, &[]);
    let priced = purchase.promoted_on(&[2], Line, amount(300)).promoted(Order, one_free).price();
    assert_eq!(priced.line_discounts(), [0, 900]);
}

#[test]
fn a_condition_that_does_not_hold_is_named_r104() {
    let broken = |conditions| results(vec![Promotion { conditions, ..promotion(1, Line, amount(1)) }])[0];
    let refused = |condition| Err(Refusal::ConditionsNotMet(condition));
    let none = Conditions::default;
    let germany = CountryCode::parse("DE").unwrap();
    let france = CountryCode::parse("FR").unwrap();
    let cases = [
        (Conditions { min_subtotal: Some(money(10_000)), ..none() }, Ok(1)),
        (Conditions { min_subtotal: Some(money(10_001)), ..none() }, refused(Condition::MinSubtotal)),
        (Conditions { min_quantity: Some(1), ..none() }, Ok(1)),
        (Conditions { min_quantity: Some(2), ..none() }, refused(Condition::MinQuantity)),
        (Conditions { products: [product(1), product(2)].into(), ..none() }, Ok(1)),
        (Conditions { products: [product(2)].into(), ..none() }, refused(Condition::Products)),
        (Conditions { countries: vec![france.clone(), germany], ..none() }, Ok(1)),
        (Conditions { countries: vec![france], ..none() }, refused(Condition::Countries)),
        (Conditions { first_order: true, ..none() }, refused(Condition::FirstOrder)),
    ];
    for (conditions, result) in cases {
        assert_eq!(broken(conditions.clone()), result, "{conditions:?}");
    }
}

#[test]
fn minimums_count_the_targets_before_any_discount_r104() {
    let all_off = promotion(1, Line, Action::Percent(ppm(900_000)));
    let min_subtotal = Some(money(1_000));
    let conditions = Conditions { min_subtotal, ..Conditions::default() };
    let order = Promotion { conditions, ..promotion(2, Order, amount(10)) };
    let of = |targets: &[usize]| {
        let targets = Targets(targets.iter().copied().map(product).collect());
        let purchase = with_tax().line(1_000, &[]).line(999, &[]).with(all_off.clone());
        purchase.with(Promotion { targets, ..order.clone() }).price().outcomes[1].result
    };
    assert_eq!((of(&[]), of(&[1])), (Ok(10), Ok(10)));
    assert_eq!(of(&[2]), Err(Refusal::ConditionsNotMet(Condition::MinSubtotal)));
}

/// A promotion with a code, as a customer sees it.
struct Coded {
    promotion: Promotion,
    coupon: Coupon,
    uses: i64,
    buyer: Buyer,
}

fn coded() -> Coded {
    let text = CouponText::parse("Summer").unwrap();
    let coupon = Coupon { text, customer_id: None, usage_limit: None, used: 0 };
    Coded { promotion: promotion(1, Line, amount(100)), coupon, uses: 0, buyer: Buyer::default() }
}

impl Coded {
    fn outcome(&self) -> PromotionOutcome {
        let purchase = with_tax().line(10_000, &[]);
        let candidates = [Candidate { promotion: &self.promotion, coupon: Some(&self.coupon), uses: self.uses }];
        let input = Input {
            goods: &purchase.goods,
            place: &country("DE"),
            now: NOW,
            today: TODAY,
            buyer: self.buyer,
            candidates: &candidates,
            method: None,
            rules: &purchase.rules,
        };
        price(&input).unwrap().outcomes.remove(0)
    }
}

#[test]
fn a_code_that_is_refused_says_why_r105_r106() {
    let refused = |coded: &Coded| coded.outcome().result.unwrap_err();
    let mut one = coded();
    assert_eq!(one.outcome().result, Ok(100));
    assert_eq!(one.outcome().coupon.unwrap().as_str(), "Summer");

    one.coupon.customer_id = Some(CustomerId(Uuid::from_u128(1)));
    assert_eq!(refused(&one), Refusal::Unknown);
    one.buyer.customer_id = one.coupon.customer_id;
    assert_eq!(one.outcome().result, Ok(100));

    one.coupon.usage_limit = Some(1);
    one.coupon.used = 1;
    assert_eq!(refused(&one), Refusal::Exhausted);
    one.coupon.used = 0;
    one.promotion.usage_limit = Some(5);
    one.promotion.used = 5;
    assert_eq!(refused(&one), Refusal::Exhausted);
    one.promotion.used = 4;
    one.promotion.per_customer_limit = Some(2);
    one.uses = 2;
    assert_eq!(refused(&one), Refusal::AlreadyUsed);
    one.uses = 1;
    assert_eq!(one.outcome().result, Ok(100));
}

#[test]
fn a_promotion_for_the_first_order_is_used_once_r106() {
    let mut one = coded();
    one.promotion.conditions.first_order = true;
    one.promotion.per_customer_limit = Some(9);
    one.buyer.is_first_order = true;
    assert_eq!(one.outcome().result, Ok(100));
    one.uses = 1;
    assert_eq!(one.outcome().result, Err(Refusal::AlreadyUsed));
}

#[test]
fn a_promotion_applies_from_its_first_moment_until_it_is_over_r104() {
    let second = std::time::Duration::from_secs(1);
    let at = |starts_at, ends_at| {
        let mut one = coded();
        (one.promotion.starts_at, one.promotion.ends_at) = (starts_at, ends_at);
        one.outcome().result
    };
    assert_eq!(at(NOW, Some(NOW + second)), Ok(100));
    assert_eq!(at(NOW + second, None), Err(Refusal::NotStarted));
    assert_eq!(at(NOW - second, Some(NOW)), Err(Refusal::Ended));
}

#[test]
fn of_shipping_only_a_part_or_an_amount_is_taken_r104() {
    let buy_get = Action::BuyGet(BuyGet { buy: 1, get: 1, off: ppm(1), max_times: None });
    for action in [Action::AmountEach(money(1)), buy_get] {
        assert!(action.check(Shipping).is_err() && action.check(Line).is_ok() && action.check(Order).is_ok());
    }
    assert!(amount(1).check(Shipping).is_ok() && Action::Percent(ppm(1)).check(Shipping).is_ok());
}

#[test]
fn the_dearest_purchase_has_a_price_r110() {
    let purchase = (0..100).fold(with_tax(), |purchase, _| purchase.lines(999, Price::MAX, DE19));
    let half = purchase.promoted(Order, Action::Percent(ppm(500_000))).price();
    assert_eq!(half.totals.total, 100 * 999 * Price::MAX / 2);
}

#[test]
fn a_price_that_does_not_fit_is_refused_r110() {
    let mut purchase = with_tax().line(1, &[]).line(1, &[]);
    purchase.goods[0].unit_price = Price::from_trusted(i64::MAX);
    assert_eq!(purchase.try_price(), Err(PriceError::Overflow(crate::Overflow)));
    purchase.goods[1].unit_price = money(0);
    assert_eq!(purchase.price().totals.total, i64::MAX);
    assert_eq!(purchase.step(10).try_price(), Err(PriceError::Overflow(crate::Overflow)));
    for rates in [DE19, &[("A", 1_000_000), ("B", 1_000_000)]] {
        let mut taxed = without_tax().line(1, rates);
        taxed.goods[0].unit_price = Price::from_trusted(i64::MAX);
        assert_eq!(taxed.try_price(), Err(PriceError::Overflow(crate::Overflow)));
    }
}
