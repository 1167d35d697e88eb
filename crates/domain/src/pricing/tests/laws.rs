//! The laws that hold for every price.

use proptest::prelude::*;

use super::shop::{DE7, DE19, Purchase, Rates, money, ppm, product, promotion, with_tax, without_tax};
use crate::customers::Exemption;
use crate::pricing::{
    Action, Adjustment, AdjustmentKind, BuyGet, Buyer, PPM, Priced, PricedItem, Promotion, PromotionClass, PromotionId,
    Share, ShippingTax, Targets, Totals, Treatment,
};

/// All sets of rates that occur: one rate, several, none, one of 0, and more than any state takes.
const SETS: [Rates<'_>; 6] = [
    DE19,
    DE7,
    &[],
    &[("NY", 40_000), ("NYC", 45_000), ("MCTD", 3_750)],
    &[("Z", 0)],
    &[("A", 1_000_000), ("B", 1_000_000), ("C", 999_999)],
];

fn actions() -> impl Strategy<Value = Action> {
    let parts = || (0..=1_000_000_i64).prop_map(ppm);
    let amount = || prop_oneof![0..1_000_i64, 0..1_000_000_000_i64].prop_map(money);
    let buy_get = (1..4_i64, 1..4_i64, parts(), prop::option::of(0..5_i64));
    prop_oneof![
        parts().prop_map(Action::Percent),
        amount().prop_map(Action::Amount),
        amount().prop_map(Action::AmountEach),
        buy_get.prop_map(|(buy, get, off, max_times)| Action::BuyGet(BuyGet { buy, get, off, max_times })),
    ]
}

fn promotions() -> impl Strategy<Value = Vec<Promotion>> {
    let classes = prop::collection::btree_set(prop::sample::select(PromotionClass::ALL.to_vec()), 1..=3);
    let class = prop::sample::select(PromotionClass::ALL.to_vec());
    let targets = prop::collection::btree_set((1..7_usize).prop_map(product), 0..3);
    let one =
        (class, actions(), classes, targets, -2..3_i64).prop_map(|(class, action, combines, targets, priority)| {
            Promotion { combines, targets: Targets(targets), priority, ..promotion(0, class, action) }
        });
    prop::collection::vec(one, 0..5).prop_map(|all| {
        let numbered = (1..).zip(all);
        numbered.map(|(number, one)| Promotion { id: PromotionId(crate::Uuid::from_u128(number)), ..one }).collect()
    })
}

prop_compose! {
    fn purchases()(
        include_tax: bool,
        lines in prop::collection::vec(
            (1..=9_i64, prop_oneof![0..5_i64, 0..10_000_i64, 0..=1_000_000_000_000_i64], 0..6_usize, any::<bool>()),
            0..7,
        ),
        costs in prop::collection::vec(prop_oneof![Just(0_i64), 0..100_000_i64], 0..3),
        shipping in prop::sample::select(vec!["proportional", "highest", "largest", "none", "class:_DE7"]),
        to_shipping: bool,
        step in prop::sample::select(vec![1_i64, 5, 10, 100]),
        exemption in prop::option::of(Just(Exemption::Export)),
        promotions in promotions(),
    ) -> Purchase {
        let mut purchase = if include_tax { with_tax() } else { without_tax() };
        for set in SETS {
            purchase.class(set, to_shipping);
        }
        for (quantity, price, set, is_shippable) in lines {
            purchase = purchase.lines(quantity, price, SETS[set]);
            purchase.goods.last_mut().unwrap().is_shippable = is_shippable;
        }
        purchase = costs.into_iter().fold(purchase, Purchase::shipping).step(step);
        purchase.buyer.exemption = exemption;
        Purchase { promotions, ..purchase.shipping_tax(ShippingTax::parse(shipping).unwrap()) }
    }
}

fn sum<'a>(items: impl IntoIterator<Item = &'a PricedItem>, amount: impl Fn(&PricedItem) -> i64) -> i64 {
    items.into_iter().map(amount).sum()
}

/// The sum of the adjustments that are wanted.
fn adjusted(priced: &Priced, is_wanted: impl Fn(&Adjustment) -> bool) -> i64 {
    priced.adjustments.iter().filter(|one| is_wanted(one)).map(|one| one.amount).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn totals_lines_and_shares_always_add_up_r109_r119(purchase in purchases()) {
        let priced = purchase.price();
        let Totals { subtotal, discount, exempted, shipping, tax, rounding, total } = priced.totals;
        let on_top = if purchase.rules.prices_include_tax { 0 } else { tax };
        prop_assert_eq!(total, subtotal - discount - exempted + shipping + on_top + rounding);
        let items = || priced.lines.iter().chain(&priced.shipping);
        prop_assert_eq!(sum(items(), |item| item.gross) + rounding, total);
        prop_assert_eq!(sum(items(), |item| item.net) + sum(items(), |item| item.tax) + rounding, total);
        prop_assert_eq!(sum(items(), |item| item.tax), tax);
        for item in items() {
            prop_assert_eq!(item.gross, item.net + item.tax);
            prop_assert!(item.net >= 0 && item.tax >= 0 && item.exempted >= 0);
            prop_assert!((0..=item.amount).contains(&item.discount));
        }
        let step = purchase.rules.total_step.get();
        prop_assert!(total >= 0 && total % step == 0 && rounding.abs() * 2 <= step);
    }

    #[test]
    fn adjustments_explain_every_amount_r109_r119(purchase in purchases()) {
        let priced = purchase.price();
        for (number, line) in (1..).zip(&priced.lines) {
            let of_line = |kind| adjusted(&priced, |one| one.kind == kind && one.share == Share::Line(number));
            prop_assert_eq!(-of_line(AdjustmentKind::Discount), line.discount);
            prop_assert_eq!(-of_line(AdjustmentKind::Exemption), line.exempted);
            prop_assert_eq!(of_line(AdjustmentKind::Tax), line.tax);
        }
        for tax in &priced.taxes {
            let same = |one: &Adjustment| one.kind == AdjustmentKind::Tax && one.code == tax.code.as_str();
            prop_assert_eq!(adjusted(&priced, same), tax.tax);
        }
        let of = |kind| adjusted(&priced, |one| one.kind == kind);
        prop_assert_eq!(-of(AdjustmentKind::Discount), priced.totals.discount);
        prop_assert_eq!(-of(AdjustmentKind::Exemption), priced.totals.exempted);
        prop_assert_eq!(of(AdjustmentKind::Shipping), priced.totals.shipping);
        prop_assert_eq!(of(AdjustmentKind::Tax), priced.totals.tax);
        prop_assert_eq!(of(AdjustmentKind::Rounding), priced.totals.rounding);
        let saved: i64 = priced.outcomes.iter().filter_map(|outcome| outcome.result.ok()).sum();
        prop_assert_eq!(saved, priced.totals.discount);
    }

    #[test]
    fn a_tax_is_its_rate_of_its_base_within_a_minor_unit_r115_r119(purchase in purchases()) {
        let priced = Purchase { buyer: Buyer::default(), ..purchase }.price();
        // Each of these rates stands in one set only.
        for tax in priced.taxes.iter().filter(|tax| ["DE19", "DE7", "NY"].contains(&tax.code.as_str())) {
            let off = i128::from(tax.tax) * i128::from(PPM) - i128::from(tax.net) * i128::from(tax.rate.get());
            prop_assert!(off.abs() < i128::from(PPM), "{off}");
        }
    }

    #[test]
    fn an_exempt_buyer_pays_the_net_amount_of_others_r118(purchase in purchases()) {
        let taxed = Purchase { buyer: Buyer::default(), ..purchase }.step(1);
        let Totals { total, tax, .. } = taxed.price().totals;
        let buyer = Buyer { exemption: Some(Exemption::ReverseCharge), ..Buyer::default() };
        let exempt = Purchase { buyer, ..taxed }.price();
        prop_assert_eq!((exempt.totals.tax, exempt.totals.total), (0, total - tax));
        prop_assert!(exempt.lines.iter().all(|line| line.treatment == Treatment::ReverseCharge));
    }

    #[test]
    fn pricing_twice_gives_the_same_amounts_r111(purchase in purchases()) {
        prop_assert_eq!(purchase.price(), purchase.price());
    }
}
