//! Which shipping methods are offered, and which is selected.

use super::shop::{NOW, Purchase, TODAY, country, money, with_tax};
use crate::Grams;
use crate::pricing::PromotionClass::Shipping;
use crate::pricing::{
    Action, Area, AreaCountry, Basis, Buyer, Condition, Input, MethodCode, Priced, PromotionClass, RatePpm, Refusal,
    ShippingChoice, Taxes, Tier, Tiers, Totals, price,
};

fn codes(priced: &Priced) -> Vec<(&str, i64, bool)> {
    priced.options.iter().map(|option| (option.code.as_str(), option.amount, option.is_selected)).collect()
}

fn choose(purchase: &Purchase, method: &str, place: &str) -> Priced {
    let input = Input {
        goods: &purchase.goods,
        place: &country(place),
        now: NOW,
        today: TODAY,
        buyer: Buyer::default(),
        candidates: &[],
        method: Some(&MethodCode::parse(method).unwrap()),
        rules: &purchase.rules,
    };
    price(&input).unwrap()
}

#[test]
fn the_cheapest_method_is_selected_and_of_equal_ones_the_first_by_position_r107_r114() {
    let mut purchase = with_tax().line(1_000, &[]).shipping(500).shipping(400).shipping(400);
    assert_eq!(codes(&purchase.price()), [("m0", 500, false), ("m1", 400, true), ("m2", 400, false)]);
    purchase.rules.methods[1].position = 5;
    assert_eq!(codes(&purchase.price()), [("m0", 500, false), ("m2", 400, true), ("m1", 400, false)]);
    assert_eq!(purchase.price().totals.total, 1_400);
}

#[test]
fn a_promotion_on_shipping_counts_for_each_option_r107_r112() {
    let purchase = with_tax().line(1_000, &[]).shipping(500).shipping(90);
    let priced = purchase.promoted(Shipping, Action::Amount(money(450))).price();
    assert_eq!(priced.options.iter().map(|option| option.discount).collect::<Vec<_>>(), [450, 90]);
    assert_eq!((priced.totals.shipping, priced.totals.discount, priced.totals.total), (90, 90, 1_000));
    assert_eq!(priced.outcomes[0].result, Ok(90));
}

#[test]
fn a_promotion_on_shipping_does_not_apply_where_nothing_is_shipped_r106_r112() {
    let does_not_apply = [Err(Refusal::ConditionsNotMet(Condition::Targets))];
    let results =
        |purchase: &Purchase| purchase.price().outcomes.iter().map(|outcome| outcome.result).collect::<Vec<_>>();
    let mut purchase =
        with_tax().line(1_000, &[]).promoted(Shipping, Action::Percent(RatePpm::parse(1_000_000).unwrap()));
    assert_eq!(results(&purchase), does_not_apply, "the shop has no shipping method");
    purchase = purchase.shipping(500);
    assert_eq!(results(&purchase), [Ok(500)]);
    let zone = purchase.rules.methods[0].zone.clone();
    purchase.rules.methods[0].zone.areas = vec![Area::new(AreaCountry::parse("FR").unwrap(), None, None).unwrap()];
    assert_eq!(results(&purchase), does_not_apply, "no method ships there");
    purchase.rules.methods[0].zone = zone;
    purchase.goods[0].is_shippable = false;
    assert_eq!(results(&purchase), does_not_apply, "nothing needs shipping");
}

#[test]
fn the_chosen_method_is_selected_or_nothing_can_be_shipped_r107_r114() {
    let mut purchase = with_tax().line(1_000, &[]).shipping(500).shipping(400);
    assert_eq!(choose(&purchase, "m0", "DE").totals.total, 1_500);
    let unknown = choose(&purchase, "pigeon", "DE");
    assert_eq!((unknown.shipping_choice, unknown.totals.total), (ShippingChoice::Unavailable, 1_000));
    assert_eq!(codes(&unknown), [("m0", 500, false), ("m1", 400, false)]);
    purchase.rules.methods[0].tiers = Tiers::parse(vec![Tier::new(0, None, None, None).unwrap()]).unwrap();
    assert_eq!(choose(&purchase, "m0", "DE").shipping_choice, ShippingChoice::Unavailable);
    assert_eq!(codes(&choose(&purchase, "m1", "DE")), [("m1", 400, true)]);
}

#[test]
fn without_a_shipping_method_for_the_zone_nothing_can_be_shipped_r107_r114() {
    let mut purchase = with_tax().line(1_000, &[]).shipping(500);
    let france = Area::new(AreaCountry::parse("FR").unwrap(), None, None).unwrap();
    purchase.rules.methods[0].zone.areas = vec![france];
    assert_eq!(purchase.price().shipping_choice, ShippingChoice::Unavailable);
    assert_eq!(choose(&purchase, "m0", "FR").shipping_choice, ShippingChoice::Selected);
}

#[test]
fn goods_without_shipping_cost_no_shipping_r114() {
    let mut purchase = with_tax().line(1_000, &[]).shipping(500);
    assert_eq!((purchase.price().shipping_choice, purchase.price().totals.shipping), (ShippingChoice::Selected, 500));
    purchase.goods[0].is_shippable = false;
    let priced = purchase.price();
    assert_eq!(
        (priced.shipping_choice, priced.totals.total, priced.options.len()),
        (ShippingChoice::NotNeeded, 1_000, 0)
    );
    assert_eq!(with_tax().line(1_000, &[]).price().shipping_choice, ShippingChoice::NotNeeded);
}

#[test]
fn weight_and_units_are_those_of_what_is_shipped_and_goods_are_all_after_discounts_r114() {
    let mut purchase = with_tax().lines(3, 1_000, &[]).lines(2, 50, &[]).shipping(0);
    purchase.goods[0].weight = Grams::parse(70).unwrap();
    purchase.goods[1].weight = Grams::parse(9_000).unwrap();
    purchase.goods[1].is_shippable = false;
    let each = Tier::new(0, Some(money(0)), Some(1), Some(money(1))).unwrap();
    purchase.rules.methods[0].tiers = Tiers::parse(vec![each]).unwrap();
    purchase = purchase.promoted(PromotionClass::Order, Action::Amount(money(100)));
    let costs = Basis::ALL.iter().map(|basis| {
        purchase.rules.methods[0].basis = *basis;
        purchase.price().totals.shipping
    });
    assert_eq!(costs.collect::<Vec<_>>(), [0, 210, 3_000, 3]);
}

#[test]
fn with_nothing_configured_a_purchase_costs_the_sum_of_its_lines_r119() {
    let mut purchase = with_tax().lines(2, 1_000, &[]).line(1, &[]);
    purchase.rules.taxes = Taxes::default();
    let priced = purchase.price();
    assert_eq!(priced.totals, Totals { subtotal: 2_001, total: 2_001, ..Totals::default() });
    assert!(priced.adjustments.is_empty() && priced.taxes.is_empty() && priced.shipping.is_empty());
    let empty = Purchase { goods: vec![], ..purchase }.price();
    assert_eq!(empty.totals, Totals::default());
}
