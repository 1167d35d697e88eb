//! Orders that would go elsewhere: the rule is compared with what the same purchase costs there.

use std::sync::Arc;

use super::shop::{NOW, money, promotion};
use crate::addresses::{Address, City, CountryCode, PostalCode, Region, Street};
use crate::carts::Line;
use crate::checkout::Purchase;
use crate::customers::{CustomerId, Exemption};
use crate::orders::{Order, OrderId, Placement, PriceChange};
use crate::pricing::{
    Action, Area, AreaCountry, AreaRegion, Basis, Buyer, DatedRate, MethodCode, MethodName, MissingRate, Place,
    PostalPrefix, PriceBook, PricingData, PricingSettings, Promotion, PromotionClass, Rate, RatePpm, ShippingChoice,
    ShippingMethod, ShippingTax, TaxCode, TaxName, TaxRateId, TaxZone, Tier, Tiers, Treatment, Zone, ZoneId,
};
use crate::products::{Offer, ProductId, ProductName, ProductStatus, TaxAndShipping};
use crate::tax_classes::TaxClassCode;
use crate::{Currency, Date, Quantity, Shop, Uuid};
use time::macros::date;

fn zone(id: u128, area: (&str, &str, &str)) -> Zone {
    let given = |raw: &str| (!raw.is_empty()).then(|| raw.to_owned());
    let region = given(area.1).map(|raw| AreaRegion::parse(&raw).unwrap());
    let prefix = given(area.2).map(|raw| PostalPrefix::parse(&raw).unwrap());
    let area = Area::new(AreaCountry::parse(area.0).unwrap(), region, prefix).unwrap();
    Zone { id: ZoneId(Uuid::from_u128(id)), areas: vec![area] }
}

fn rate(class: &str, code: &str, ppm: i64, treatment: Option<Treatment>) -> DatedRate {
    let (tax_code, name) = (TaxCode::parse(code).unwrap(), TaxName::parse(code).unwrap());
    let rate = Rate::new(tax_code, name, RatePpm::parse(ppm).unwrap(), true, treatment).unwrap();
    let (id, class) = (TaxRateId(Uuid::nil()), TaxClassCode::parse(class).unwrap());
    DatedRate { id, class, rate, starts_on: date!(2020 - 01 - 01), ends_on: None }
}

fn taxed(zone: Zone, rates: &[(&str, &str, i64)]) -> TaxZone {
    let rates = rates.iter().map(|(class, code, ppm)| rate(class, code, *ppm, None)).collect();
    TaxZone { zone, shipping: None, rates }
}

fn method(code: &str, zone: Zone, tax_class: Option<&str>) -> ShippingMethod {
    ShippingMethod {
        code: MethodCode::parse(code).unwrap(),
        name: MethodName::parse(code).unwrap(),
        zone,
        position: 0,
        basis: Basis::Flat,
        tiers: Tiers::parse(vec![Tier::new(0, Some(money(590)), None, None).unwrap()]).unwrap(),
        free_from: None,
        tax_class: tax_class.map(|class| TaxClassCode::parse(class).unwrap()),
        min_days: None,
        max_days: None,
    }
}

/// Germany, where one part has rates of its own for food alone, Austria, two states of America, and everywhere else without
/// tax. One method ships into Germany, and two to everywhere: they are offered where no closer zone has any.
fn zones() -> Vec<TaxZone> {
    vec![
        taxed(zone(1, ("DE", "", "")), &[("standard", "DE19", 190_000), ("food", "DE7", 70_000)]),
        taxed(zone(2, ("DE", "", "27498")), &[("food", "ISLE", 10_000)]),
        taxed(zone(3, ("AT", "", "")), &[("standard", "AT20", 200_000), ("food", "AT10", 100_000)]),
        taxed(zone(4, ("US", "NY", "")), &[("standard", "NY", 40_000), ("food", "NYFOOD", 0)]),
        taxed(zone(5, ("US", "CA", "")), &[("standard", "CA", 72_500), ("food", "NYFOOD", 0)]),
    ]
}

fn methods() -> Vec<ShippingMethod> {
    let world = || zone(9, ("*", "", ""));
    vec![
        method("post", zone(1, ("DE", "", "")), None),
        method("world", world(), None),
        method("food-world", world(), Some("food")),
    ]
}

fn book(includes: bool, zones: Vec<TaxZone>, methods: Vec<ShippingMethod>) -> PriceBook {
    let settings = PricingSettings {
        prices_include_tax: includes,
        home: Place::new(CountryCode::parse("DE").unwrap(), None, None),
        when_missing: Some(MissingRate::Untaxed),
        ..PricingSettings::default()
    };
    PriceBook::new(Arc::new(settings), PricingData { zones, methods, ..PricingData::default() })
}

fn address(country: &str, region: &str, code: &str) -> Address {
    Address {
        name: None,
        company: None,
        phone: None,
        line1: Street::parse("1 Main St").unwrap(),
        line2: None,
        city: City::parse("Town").unwrap(),
        region: Region::parse(region).ok(),
        postal_code: PostalCode::parse(code).ok(),
        country: CountryCode::parse(country).unwrap(),
    }
}

fn addresses() -> Vec<Address> {
    vec![
        address("DE", "", "53111"),
        address("DE", "", "10115"),
        address("DE", "", "27498"),
        address("AT", "", "1010"),
        address("US", "ny", "10001"),
        address("US", "CA", "90001"),
        address("CH", "", "8001"),
    ]
}

fn line(number: u128, class: &str) -> Line {
    let tax_class = TaxClassCode::parse(class).unwrap();
    let offer = Offer {
        product_id: ProductId(Uuid::from_u128(number)),
        sku: None,
        name: ProductName::parse("Thing").unwrap(),
        price: money(1000),
        status: ProductStatus::Active,
        on_hand: 9,
        restock_threshold: 0,
        tax_and_shipping: TaxAndShipping { tax_class, ..TaxAndShipping::default() },
    };
    Line { product_id: offer.product_id, quantity: Quantity::parse(2).unwrap(), offer: Some(offer) }
}

/// What is bought, and by whom.
struct Case {
    lines: Vec<Line>,
    method: Option<MethodCode>,
    buyer: Buyer,
}

impl Case {
    fn of(classes: &[&str], method: Option<&str>, exemption: Option<Exemption>) -> Self {
        let lines = (1..).zip(classes).map(|(number, class)| line(number, class)).collect();
        let method = method.map(|code| MethodCode::parse(code).unwrap());
        Self { lines, method, buyer: Buyer { exemption, ..Buyer::default() } }
    }

    fn purchase<'a>(&'a self, address: &'a Address) -> Purchase<'a> {
        let (lines, method) = (&self.lines, self.method.as_ref());
        Purchase { lines, address: Some(address), method, buyer: self.buyer, candidates: &[], now: NOW }
    }

    /// The order; `None` if it cannot be shipped there.
    fn order(&self, book: &PriceBook, address: &Address) -> Option<Order> {
        let priced = self.purchase(address).price(book).unwrap();
        let customer_id = CustomerId(Uuid::nil());
        let placement = Placement { customer_id, shipping_address: Some(address.clone()), note: None };
        let shop = Shop { currency: Currency::parse("EUR").unwrap(), lead_time_days: 3 };
        let order = Order::place(OrderId(Uuid::nil()), placement, &self.lines, shop, NOW).unwrap();
        (priced.shipping_choice != ShippingChoice::Unavailable).then(|| order.priced(&priced))
    }

    fn costs_the_same(&self, book: &PriceBook, order: &Order, to: &Address) -> bool {
        self.order(book, to).is_some_and(|there| there.adjustments == order.adjustments)
    }
}

fn every_case() -> Vec<Case> {
    let mut cases = Vec::new();
    for classes in [&["standard"][..], &["food"], &["standard", "food"]] {
        for method in ["post", "world", "food-world"] {
            for exemption in std::iter::once(None).chain(Exemption::ALL.iter().copied().map(Some)) {
                cases.push(Case::of(classes, Some(method), exemption));
            }
        }
    }
    cases
}

#[test]
fn an_address_is_refused_exactly_where_the_same_purchase_would_be_priced_otherwise_r138() {
    let (mut same, mut otherwise) = (0, 0);
    for includes in [true, false] {
        let book = book(includes, zones(), methods());
        for case in every_case() {
            for from in addresses() {
                let Some(order) = case.order(&book, &from) else { continue };
                for to in addresses() {
                    let changes = book.changes_at(&order, &to, &[]);
                    let costs_the_same = case.costs_the_same(&book, &order, &to);
                    assert_eq!(changes.is_empty(), costs_the_same, "{changes:?}\n{order:#?}\n{to:?}");
                    if costs_the_same { same += 1 } else { otherwise += 1 }
                }
            }
        }
    }
    assert!(same > 200 && otherwise > 200, "{same} {otherwise}");
}

#[test]
fn an_order_says_which_taxes_and_which_method_would_be_others_r138() {
    let book = book(true, zones(), methods());
    let [bonn, _, isle, vienna, ..] = &addresses()[..] else { panic!("fewer addresses") };
    let food = Case::of(&["food"], Some("post"), None).order(&book, bonn).unwrap();
    let codes = |rates: &[Rate]| rates.iter().map(|rate| rate.code.as_str().to_owned()).collect::<Vec<_>>();
    let [PriceChange::Taxes { before, after }] = &book.changes_at(&food, isle, &[])[..] else { panic!("no taxes") };
    assert_eq!((codes(before), codes(after)), (vec!["DE7".to_owned()], vec!["ISLE".to_owned()]));
    let changes = book.changes_at(&food, vienna, &[]);
    assert_eq!(changes[0], PriceChange::Shipping("post".to_owned()));
    assert!(matches!(changes[1], PriceChange::Taxes { .. }) && changes.len() == 2);
    let lamp = Case::of(&["standard"], Some("post"), None).order(&book, bonn).unwrap();
    assert_eq!(book.changes_at(&lamp, isle, &[]), [], "only food is taxed otherwise there");
}

#[test]
fn a_shop_without_zones_ships_anywhere_and_the_same_place_is_never_another_one_r138() {
    let empty = PriceBook::new(Arc::default(), PricingData::default());
    let order = Case::of(&["standard"], None, None).order(&empty, &addresses()[0]).unwrap();
    for to in addresses() {
        assert_eq!(empty.changes_at(&order, &to, &[]), []);
        let nowhere = Order { shipping_address: None, ..order.clone() };
        assert_eq!(empty.changes_at(&nowhere, &to, &[]), []);
    }
    // Its method is gone, so nobody knows where it ships to; but a street is mended all the same.
    let shipped =
        Case::of(&["food"], Some("post"), None).order(&book(true, zones(), methods()), &addresses()[0]).unwrap();
    let today = book(true, zones(), methods().split_off(1));
    let mended = Address { line1: Street::parse("2 Main St").unwrap(), ..addresses()[0].clone() };
    assert_eq!(today.changes_at(&shipped, &mended, &[]), []);
    assert_eq!(today.changes_at(&shipped, &addresses()[1], &[]), [PriceChange::Shipping("post".to_owned())]);
}

#[test]
fn an_order_without_an_address_was_priced_where_the_shop_is_r138() {
    let case = Case::of(&["standard"], None, None);
    let book = book(true, zones(), Vec::new());
    let order = case.order(&book, &address("DE", "", "")).unwrap();
    let nowhere = Order { shipping_address: None, ..order };
    assert_eq!(book.changes_at(&nowhere, &addresses()[0], &[]), []);
    assert!(matches!(book.changes_at(&nowhere, &addresses()[3], &[])[..], [PriceChange::Taxes { .. }]));
}

#[test]
fn rates_hold_as_on_the_day_of_the_purchase_r138() {
    let mut later = zones();
    let next: Date = date!(2026 - 12 - 01);
    later[2].rates.iter_mut().for_each(|rate| rate.starts_on = next);
    later.push(taxed(zone(7, ("CH", "", "")), &[]));
    let book = book(true, later, Vec::new());
    let order = Case::of(&["standard"], None, None).order(&book, &addresses()[6]).unwrap();
    assert_eq!(book.changes_at(&order, &addresses()[3], &[]), [], "Austria had no tax on that day");
}

#[test]
fn zones_that_have_changed_since_are_compared_for_every_class_r138() {
    let order = Case::of(&["food"], None, None).order(&book(true, zones(), Vec::new()), &addresses()[0]).unwrap();
    let renamed = |zone: TaxZone| match zone.zone.id.0.as_u128() {
        1 => taxed(zone.zone, &[("standard", "DE20", 200_000), ("food", "DE8", 80_000)]),
        _ => zone,
    };
    let today = book(true, zones().into_iter().map(renamed).collect(), Vec::new());
    assert_eq!(today.changes_at(&order, &addresses()[1], &[]), []);
    assert!(!today.changes_at(&order, &addresses()[2], &[]).is_empty(), "food has rates of its own there");
}

#[test]
fn shipping_that_zones_tax_in_other_ways_is_a_change_unless_it_is_free_r138() {
    let mut ways = zones();
    ways[1].shipping = Some(ShippingTax::Class(TaxClassCode::parse("food").unwrap()));
    let [bonn, _, isle, ..] = &addresses()[..] else { panic!("fewer addresses") };
    let book = book(true, ways, methods());
    let paid = Case::of(&["standard"], Some("post"), None).order(&book, bonn).unwrap();
    assert_eq!(book.changes_at(&paid, isle, &[]), [PriceChange::ShippingTax]);
    let free = |one: &mut crate::pricing::Adjustment| {
        if one.share == crate::pricing::Share::Shipping {
            one.amount = 0;
        }
    };
    let mut unpaid = paid;
    unpaid.adjustments.iter_mut().for_each(free);
    assert_eq!(book.changes_at(&unpaid, isle, &[]), []);
}

#[test]
fn a_promotion_of_other_countries_is_a_change_r138() {
    let book = book(true, Vec::new(), Vec::new());
    let order = Case::of(&["standard"], None, None).order(&book, &addresses()[0]).unwrap();
    let mut in_germany: Promotion = promotion(1, PromotionClass::Order, Action::Amount(money(100)));
    let anywhere = in_germany.clone();
    in_germany.conditions.countries = vec![CountryCode::parse("DE").unwrap()];
    let name = in_germany.name.clone();
    let both = [in_germany, anywhere];
    assert_eq!(book.changes_at(&order, &addresses()[1], &both), []);
    assert_eq!(book.changes_at(&order, &addresses()[3], &both), [PriceChange::Promotion(name)]);
}
