//! The worked examples, each by its number. N15 and N16 stand in `parts.rs`, N20 in `shipping.rs`.

use super::shop::{DE7, DE19, Purchase, money, ppm, with_tax, without_tax};
use crate::customers::Exemption;
use crate::pricing::PromotionClass::{Line, Order, Shipping};
use crate::pricing::{
    Action, Adjustment, AdjustmentKind, BuyGet, RatePpm, Share, ShippingTax, Treatment, Whole, split,
};

const NOTHING: [(i64, i64); 0] = [];

fn percent(parts: i64) -> Action {
    Action::Percent(ppm(parts))
}

fn amount(amount: i64) -> Action {
    Action::Amount(money(amount))
}

#[test]
fn n1_penny_splitting_r111() {
    assert_eq!(split(1_000, &[1, 1, 1]), [334, 333, 333]);
    assert_eq!(split(1, &[1, 1, 1]), [1, 0, 0]);
    assert_eq!(split(1_000, &[3_333, 3_333, 3_334]), [333, 333, 334]);
    assert_eq!(split(0, &[0, 0]), [0, 0]);
}

#[test]
fn n2_a_discount_never_exceeds_its_line_r111_r112() {
    assert_eq!(split(500, &[999, 1_999, 1]), [167, 333, 0]);
    assert_eq!(split(23, &[5, 5, 5, 5, 5, 5, 5, 5, 5, 1]), [3, 3, 3, 3, 3, 2, 2, 2, 2, 0]);
    let three = with_tax().line(999, &[]).line(1_999, &[]).line(1, &[]).promoted(Order, amount(500)).price();
    assert_eq!(three.line_discounts(), [167, 333, 0]);
    let nine = (0..9).fold(with_tax(), |purchase, _| purchase.line(5, &[])).line(1, &[]).promoted(Order, amount(23));
    assert_eq!(nine.price().line_discounts(), [3, 3, 3, 3, 3, 2, 2, 2, 2, 0]);
}

#[test]
fn n3_us_tax_on_top_untaxed_shipping_r115() {
    let mut purchase = without_tax();
    purchase.class(&[("CA", 107_500)], false);
    let priced = purchase.line(2_499, &[("CA", 107_500)]).shipping(644).price();
    assert_eq!(priced.tax_and_total(), (269, 3_412));
    assert_eq!(priced.shares(), [(644, 0)]);
    assert_eq!(priced.shipping[0].treatment, Treatment::None);
}

#[test]
fn n4_once_for_each_rate_not_for_each_line_r115() {
    let priced = without_tax().line(33, DE19).line(33, DE19).line(33, DE19).price();
    assert_eq!(priced.line_taxes(), [7, 6, 6]);
    assert_eq!(priced.tax_and_total(), (19, 118));
}

#[test]
fn n5_eu_vat_included_discount_r112_r115() {
    let priced = with_tax().line(11_900, DE19).promoted(Line, percent(100_000)).price();
    assert_eq!(priced.totals.discount, 1_190);
    assert_eq!(priced.tax_and_total(), (1_710, 10_710));
    assert_eq!(priced.lines[0].net, 9_000);
}

/// A book and a lamp, with tax.
fn book_and_lamp() -> Purchase {
    with_tax().line(1_070, DE7).line(2_380, DE19)
}

#[test]
fn n6_mixed_classes_proportional_shipping_prices_incl_tax_r115() {
    let priced = book_and_lamp().shipping(600).price();
    assert_eq!(priced.shares(), [(186, 12), (414, 66)]);
    assert_eq!(priced.line_taxes(), [70, 380]);
    assert_eq!(priced.by_rate(), [("DE7", 82), ("DE19", 446)]);
    assert_eq!(priced.tax_and_total(), (528, 4_050));
    let nets: Vec<_> = priced.lines.iter().chain(&priced.shipping).map(|item| item.net).collect();
    assert_eq!(nets, [1_000, 2_000, 174, 348]);
    assert_eq!(priced.taxes.iter().map(|tax| tax.net).collect::<Vec<_>>(), [1_174, 2_348]);
}

#[test]
fn n7_the_same_tax_on_top_r115() {
    let priced = without_tax().line(1_000, DE7).line(2_000, DE19).shipping(600).price();
    assert_eq!(priced.shares(), [(200, 14), (400, 76)]);
    assert_eq!(priced.line_taxes(), [70, 380]);
    assert_eq!(priced.by_rate(), [("DE7", 84), ("DE19", 456)]);
    assert_eq!(priced.totals.total, 4_140);
}

#[test]
fn n8_n6_with_10_00_off_the_order_r112_r115() {
    let priced = book_and_lamp().shipping(600).promoted(Order, amount(1_000)).price();
    assert_eq!(priced.line_discounts(), [310, 690]);
    assert_eq!(priced.lines.iter().map(|line| line.gross).collect::<Vec<_>>(), [760, 1_690]);
    assert_eq!(priced.shares(), [(186, 12), (414, 66)]);
    assert_eq!(priced.line_taxes(), [50, 270]);
    assert_eq!(priced.by_rate(), [("DE7", 62), ("DE19", 336)]);
    assert_eq!(priced.tax_and_total(), (398, 3_050));
    let shown = |of: &Adjustment| (of.kind.as_str(), of.share.as_str(), of.share.line_no(), of.amount, of.base);
    let adjustments: Vec<_> = priced.adjustments.iter().map(shown).collect();
    let expected = [
        ("discount", "line", Some(1), -310, None),
        ("discount", "line", Some(2), -690, None),
        ("shipping", "shipping", None, 600, None),
        ("tax", "line", Some(1), 50, Some(760)),
        ("tax", "line", Some(2), 270, Some(1_690)),
        ("tax", "shipping", None, 12, Some(186)),
        ("tax", "shipping", None, 66, Some(414)),
    ];
    assert_eq!(adjustments, expected);
    assert_eq!(priced.taxes.iter().map(|tax| tax.net).collect::<Vec<_>>(), [884, 1_768]);
}

#[test]
fn n9_a_free_line_carries_no_shipping_tax_r115() {
    let priced = book_and_lamp().shipping(500).promoted_on(&[2], Line, amount(2_380)).price();
    assert_eq!(priced.shares(), [(500, 33)]);
    assert_eq!(priced.line_taxes(), [70, 0]);
    assert_eq!(priced.by_rate(), [("DE7", 103), ("DE19", 0)]);
    assert_eq!(priced.totals.total, 1_570);
}

#[test]
fn n10_yen_r112_r115() {
    let purchase = with_tax().line(1_980, &[("JP10", 100_000)]).lines(3, 540, &[("JP8", 80_000)]);
    let priced = purchase.promoted(Order, percent(50_000)).shipping(550).price();
    assert_eq!(priced.line_discounts(), [99, 81]);
    assert_eq!(priced.shares(), [(303, 28), (247, 18)]);
    assert_eq!(priced.line_taxes(), [171, 114]);
    assert_eq!(priced.by_rate(), [("JP10", 199), ("JP8", 132)]);
    assert_eq!(priced.totals.total, 3_970);
}

#[test]
fn n11_dinar_three_decimals_step_10_r116() {
    let kwd = with_tax().lines(3, 4_333, &[]).promoted(Order, percent(100_000)).step(10).price();
    assert_eq!((kwd.totals.discount, kwd.totals.rounding, kwd.totals.total), (1_300, 1, 11_700));
    let bhd = with_tax().lines(3, 4_333, &[("BH", 100_000)]).step(10).price();
    assert_eq!((bhd.totals.tax, bhd.totals.rounding, bhd.totals.total), (1_182, 1, 13_000));
    assert_eq!(bhd.lines[0].net, 11_817);
    let rounding = bhd.adjustments.last().unwrap();
    assert_eq!((rounding.kind, rounding.share, rounding.amount), (AdjustmentKind::Rounding, Share::Order, 1));
}

#[test]
fn n12_everything_free_is_exactly_zero_r112_r119() {
    let purchase = with_tax().line(3_990, DE19).line(10, DE19).shipping(490);
    let priced = purchase.promoted(Order, percent(1_000_000)).promoted(Shipping, percent(1_000_000)).price();
    let discounts: Vec<_> =
        priced.adjustments.iter().filter(|one| one.kind == AdjustmentKind::Discount).map(|one| one.amount).collect();
    assert_eq!(discounts, [-3_990, -10, -490]);
    assert_eq!(priced.tax_and_total(), (0, 0));
    assert_eq!(priced.shares(), NOTHING);
    assert_eq!((priced.options[0].amount, priced.options[0].discount), (490, 490));
}

fn buy_get(buy: i64, get: i64, off: i64, max_times: Option<i64>) -> Action {
    Action::BuyGet(BuyGet { buy, get, off: ppm(off), max_times })
}

#[test]
fn n13_buy_2_get_1_same_set_r113() {
    let off = |lines: &[(i64, i64)], action| {
        let purchase = lines.iter().fold(with_tax(), |purchase, (units, price)| purchase.lines(*units, *price, DE19));
        purchase.promoted(Line, action).price().line_discounts()
    };
    let free = |buy, get| buy_get(buy, get, 1_000_000, None);
    assert_eq!(off(&[(1, 2_000), (1, 1_500), (1, 999)], free(2, 1)), [0, 0, 999]);
    assert_eq!(off(&[(4, 1_000)], free(2, 1)), [1_000]);
    assert_eq!(off(&[(7, 1_000)], free(2, 1)), [2_000]);
    assert_eq!(off(&[(2, 1_000)], free(2, 1)), [0]);
    assert_eq!(off(&[(9, 1_000)], buy_get(2, 1, 1_000_000, Some(2))), [2_000]);
    assert_eq!(off(&[(4, 2_300)], free(3, 1)), [2_300]);
    assert_eq!(off(&[(2, 1_250), (2, 999)], buy_get(1, 1, 500_000, None)), [0, 999]);
    assert_eq!(off(&[(2, 1_250), (1, 999), (1, 999)], buy_get(1, 1, 500_000, None)), [0, 500, 499]);
}

#[test]
fn n14_stacking_r112() {
    let purchase = with_tax().lines(2, 2_500, DE19).line(2_500, DE7).shipping(490);
    let shirts = purchase.promoted_on(&[1], Line, percent(200_000));
    let priced = shirts.promoted(Order, amount(500)).promoted(Shipping, percent(1_000_000)).price();
    assert_eq!(priced.line_discounts(), [1_000 + 308, 192]);
    assert_eq!(priced.lines.iter().map(|line| line.gross).collect::<Vec<_>>(), [3_692, 2_308]);
    assert_eq!(priced.by_rate(), [("DE19", 589), ("DE7", 151)]);
    assert_eq!((priced.totals.discount, priced.totals.shipping), (1_990, 490));
    assert_eq!(priced.tax_and_total(), (740, 6_000));
}

#[test]
fn n15_the_shares_of_an_order_discount_are_frozen_r117() {
    let priced = with_tax().lines(3, 1_000, DE19).line(7_000, DE19).promoted(Order, amount(1_000)).price();
    assert_eq!(priced.line_discounts(), [300, 700]);
    let cups = &priced.lines[0];
    let mut cups = Whole::new(3, cups.gross, vec![cups.tax]).unwrap().untouched();
    assert_eq!([1, 1, 1].map(|units| cups.give_units(units).unwrap().gross), [900, 900, 900]);
}

#[test]
fn n17_several_rates_on_one_item_tax_on_top_r115() {
    let ny = without_tax().line(1_995, &[("NY", 40_000), ("NYC", 45_000), ("MCTD", 3_750)]).price();
    assert_eq!(ny.by_rate(), [("MCTD", 7), ("NY", 80), ("NYC", 90)]);
    assert_eq!(ny.tax_and_total(), (177, 2_172));
    let both = [("GST", 50_000), ("PST", 70_000)];
    let canada = without_tax().line(1_000, &both).line(3_333, &both[..1]).line(777, &[]).price();
    assert_eq!(canada.by_rate(), [("GST", 217), ("PST", 70)]);
    assert_eq!(canada.line_taxes(), [50 + 70, 167, 0]);
    assert_eq!(canada.tax_and_total(), (287, 5_397));
}

#[test]
fn n18_cash_step_r116() {
    let franks = |price| with_tax().line(price, &[("CHE", 81_000)]).step(5).price().totals;
    let (more, less) = (franks(1_999), franks(1_998));
    assert_eq!((more.tax, more.rounding, more.total), (150, 1, 2_000));
    assert_eq!((less.tax, less.rounding, less.total), (150, 2, 2_000));
}

#[test]
fn n19_free_shipping_from_50_00_after_discounts_r114() {
    let mut purchase = with_tax().line(5_200, DE19).shipping(490);
    purchase.rules.methods[0].free_from = Some(money(5_000));
    assert_eq!(purchase.price().totals.total, 5_200);
    let priced = purchase.promoted(Order, percent(100_000)).price();
    assert_eq!(priced.tax_and_total(), (825, 5_170));
    assert_eq!((priced.line_taxes(), priced.shares()), (vec![747], vec![(490, 78)]));
}

#[test]
fn n21_exempt_buyer_r118() {
    let mut purchase = with_tax().line(11_900, DE19);
    purchase.buyer.exemption = Some(Exemption::ReverseCharge);
    let priced = purchase.price();
    assert_eq!((priced.totals.exempted, priced.tax_and_total()), (1_900, (0, 10_000)));
    assert_eq!(priced.lines[0].treatment, Treatment::ReverseCharge);
    let shown = |of: &Adjustment| (of.kind, of.amount, of.base, of.treatment);
    let reason = Some(Treatment::ReverseCharge);
    let expected = [(AdjustmentKind::Exemption, -1_900, None, reason), (AdjustmentKind::Tax, 0, Some(10_000), reason)];
    assert_eq!(priced.adjustments.iter().map(shown).collect::<Vec<_>>(), expected);
    assert_eq!((priced.taxes[0].rate, priced.taxes[0].net), (RatePpm::ZERO, 10_000));
}

#[test]
fn n22_one_rate_over_seven_lines_r115() {
    let priced = (0..7).fold(with_tax(), |purchase, _| purchase.line(105, DE19)).price();
    assert_eq!(priced.totals.tax, 117);
    assert_eq!(priced.line_taxes(), [17, 17, 17, 17, 17, 16, 16]);
}

#[test]
fn n25_who_carries_the_shipping_tax_r115() {
    let taxed = |shipping| {
        let priced = with_tax().line(3_000, DE7).line(1_190, DE19).shipping(600).shipping_tax(shipping).price();
        assert_eq!(priced.totals.total, 4_790);
        let taxes: Vec<_> = priced.taxes.iter().map(|tax| tax.tax).collect();
        (taxes, priced.shares().into_iter().map(|(amount, _)| amount).collect::<Vec<_>>())
    };
    assert_eq!(taxed(ShippingTax::Proportional), (vec![224, 217], vec![430, 170]));
    assert_eq!(taxed(ShippingTax::Highest), (vec![196, 286], vec![600]));
    assert_eq!(taxed(ShippingTax::Largest), (vec![236, 190], vec![600]));
}
