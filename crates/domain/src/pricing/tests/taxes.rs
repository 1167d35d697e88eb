//! Which taxes lines and shipping bear.

use super::shop::{DE7, DE19, Purchase, country, ppm, with_tax, without_tax};
use crate::customers::Exemption;
use crate::pricing::PromotionClass::Line;
use crate::pricing::{Action, Area, AreaCountry, PriceError, Rate, ShippingTax, Treatment};

#[test]
fn a_class_without_a_rate_is_refused_where_the_shop_says_so_r115() {
    let mut purchase = with_tax().line(100, &[]).line(100, DE19);
    assert_eq!(purchase.price().lines[0].treatment, Treatment::None);
    purchase.rules.taxes.when_missing = None;
    let class = purchase.goods[0].tax_class.clone();
    assert_eq!(purchase.try_price(), Err(PriceError::NoTaxRate(class)));
}

#[test]
fn shares_follow_list_amounts_where_all_goods_are_free_then_the_highest_rate_r115() {
    let free = with_tax().line(1_000, DE7).line(3_000, DE19).shipping(400);
    let free = free.promoted(Line, Action::Percent(ppm(1_000_000))).price();
    assert_eq!(free.shares(), [(100, 7), (300, 48)]);
    let gifts = with_tax().line(0, DE7).line(0, DE19).line(0, &[]).shipping(400).price();
    assert_eq!(gifts.shares(), [(400, 64)]);
}

#[test]
fn of_the_largest_parts_the_one_with_the_highest_rate_bears_shipping_r115() {
    let bears = |purchase: Purchase| purchase.shipping(119).shipping_tax(ShippingTax::Largest).price().shares();
    assert_eq!(bears(with_tax().line(100, DE7).line(100, DE19)), [(119, 19)]);
    assert_eq!(bears(with_tax().line(60, DE7).line(100, DE19).line(60, DE7)), [(119, 8)]);
}

#[test]
fn only_goods_that_are_shipped_bear_shipping_r115() {
    let mut purchase = with_tax().line(1_000, DE7).line(9_000, DE19).shipping(107);
    purchase.goods[1].is_shippable = false;
    for shipping in ["proportional", "highest", "largest"] {
        purchase = purchase.shipping_tax(ShippingTax::parse(shipping).unwrap());
        assert_eq!(purchase.price().shares(), [(107, 7)], "{shipping}");
    }
}

#[test]
fn shipping_may_bear_the_rates_of_a_class_or_none_and_a_method_comes_first_r102_r115() {
    let mut purchase = with_tax().line(1_070, DE7).line(2_380, DE19).shipping(107);
    let class = purchase.class(DE7, true);
    purchase = purchase.shipping_tax(ShippingTax::None);
    assert_eq!(purchase.price().shares(), [(107, 0)]);
    purchase = purchase.shipping_tax(ShippingTax::Class(class.clone()));
    assert_eq!(purchase.price().shares(), [(107, 7)]);
    purchase = purchase.shipping_tax(ShippingTax::Highest);
    assert_eq!(purchase.price().shares(), [(107, 17)]);
    purchase.rules.methods[0].tax_class = Some(class);
    assert_eq!(purchase.price().shares(), [(107, 7)]);
}

#[test]
fn a_rate_that_does_not_apply_to_shipping_is_taken_out_after_the_split_r115() {
    let mut purchase = without_tax();
    purchase.class(&[("STATE", 100_000)], true);
    purchase.class(&[("CITY", 50_000)], false);
    let priced = purchase.line(3_000, &[("STATE", 100_000)]).line(1_000, &[("CITY", 50_000)]).shipping(400).price();
    assert_eq!(priced.shares(), [(300, 30), (100, 0)]);
}

#[test]
fn with_tax_included_no_net_amount_is_negative_even_at_rates_that_no_state_has_r115() {
    let priced = with_tax().line(2, &[("A", 1_000_000), ("B", 1_000_000), ("C", 1_000_000)]).price();
    assert_eq!(priced.by_rate(), [("A", 1), ("B", 1), ("C", 0)]);
    assert_eq!(priced.lines[0].net, 0);
}

#[test]
fn with_tax_included_each_set_of_rates_is_rounded_by_itself_r115() {
    let both = [("GST", 50_000), ("PST", 70_000)];
    let priced = with_tax().line(1_120, &both).line(1_050, &both[..1]).price();
    assert_eq!(priced.by_rate(), [("GST", 50 + 50), ("PST", 70)]);
    assert_eq!(priced.lines.iter().map(|line| line.net).collect::<Vec<_>>(), [1_000, 1_000]);
}

#[test]
fn a_rate_of_0_says_why_r103_r115() {
    let mut purchase = with_tax().line(100, &[("Z", 0)]);
    let rates = &mut purchase.rules.taxes.zones[0].rates;
    let Rate { code, name, ppm, applies_to_shipping, .. } = rates[0].rate.clone();
    rates[0].rate = Rate::new(code, name, ppm, applies_to_shipping, Some(Treatment::Export)).unwrap();
    let priced = purchase.price();
    assert_eq!((priced.lines[0].treatment, priced.taxes[0].treatment), (Treatment::Export, Treatment::Export));
    assert_eq!((priced.adjustments[0].amount, priced.adjustments[0].treatment), (0, Some(Treatment::Export)));
}

#[test]
fn an_exempt_buyer_is_spared_the_tax_of_the_shops_own_zone_r118() {
    let mut purchase = with_tax().line(11_900, DE19);
    let area = |country| Area::new(AreaCountry::parse(country).unwrap(), None, None).unwrap();
    purchase.rules.home = country("AT");
    purchase.rules.taxes.zones[0].zone.areas = vec![area("AT")];
    assert_eq!(purchase.price().totals.tax, 0);
    purchase.buyer.exemption = Some(Exemption::Exempt);
    let priced = purchase.price();
    assert_eq!((priced.totals.exempted, priced.totals.total), (1_900, 10_000));
    assert_eq!(priced.lines[0].treatment, Treatment::Exempt);
    purchase.rules.prices_include_tax = false;
    assert_eq!((purchase.price().totals.exempted, purchase.price().totals.total), (0, 11_900));
}
