//! A shop and a purchase to price, made in a few words.

use time::macros::{date, utc_datetime};

use crate::addresses::CountryCode;
use crate::pricing::{
    Action, Area, AreaCountry, Basis, Buyer, Candidate, Conditions, DatedRate, Goods, Input, MethodCode, MethodName,
    MissingRate, Place, PriceError, PriceRules, Priced, Promotion, PromotionClass, PromotionId, PromotionName, Rate,
    RatePpm, ShippingMethod, ShippingTax, Targets, TaxCode, TaxName, TaxRateId, TaxZone, Taxes, Tier, Tiers, TotalStep,
    Zone, ZoneId, price,
};
use crate::products::ProductId;
use crate::tax_classes::TaxClassCode;
use crate::{Date, Grams, Price, Quantity, UtcDateTime, Uuid};

pub(super) const NOW: UtcDateTime = utc_datetime!(2026-11-28 12:00);
pub(super) const TODAY: Date = date!(2026 - 11 - 28);

pub(super) fn country(code: &str) -> Place {
    Place::new(CountryCode::parse(code).unwrap(), None, None)
}

pub(super) fn product(number: usize) -> ProductId {
    ProductId(Uuid::from_u128(number as u128))
}

pub(super) fn money(amount: i64) -> Price {
    Price::parse(amount).unwrap()
}

pub(super) fn ppm(parts: i64) -> RatePpm {
    RatePpm::parse(parts).unwrap()
}

/// A promotion without conditions that combines with every other.
pub(super) fn promotion(number: u128, class: PromotionClass, action: Action) -> Promotion {
    Promotion {
        id: PromotionId(Uuid::from_u128(number)),
        name: PromotionName::parse("Summer").unwrap(),
        class,
        action,
        conditions: Conditions::default(),
        targets: Targets::default(),
        combines: PromotionClass::ALL.iter().copied().collect(),
        priority: 0,
        starts_at: NOW,
        ends_at: None,
        usage_limit: None,
        per_customer_limit: None,
        used: 0,
    }
}

/// Tax rates as lists of codes with parts per million.
pub(super) type Rates<'a> = &'a [(&'a str, i64)];

pub(super) const DE19: Rates<'_> = &[("DE19", 190_000)];
pub(super) const DE7: Rates<'_> = &[("DE7", 70_000)];

/// A purchase in a shop whose one zone is the world.
#[derive(Debug)]
pub(super) struct Purchase {
    pub(super) rules: PriceRules,
    pub(super) goods: Vec<Goods>,
    pub(super) promotions: Vec<Promotion>,
    pub(super) buyer: Buyer,
}

/// A purchase at prices with tax.
pub(super) fn with_tax() -> Purchase {
    let area = Area::new(AreaCountry::Every, None, None).unwrap();
    let zone = Zone { id: ZoneId(Uuid::nil()), areas: vec![area] };
    let taxes = Taxes { zones: vec![TaxZone { zone, shipping: None, rates: vec![] }], ..Taxes::default() };
    let rules = PriceRules {
        prices_include_tax: true,
        total_step: TotalStep::default(),
        home: country("DE"),
        taxes: Taxes { when_missing: Some(MissingRate::Untaxed), ..taxes },
        methods: vec![],
    };
    Purchase { rules, goods: vec![], promotions: vec![], buyer: Buyer::default() }
}

/// A purchase at prices without tax.
pub(super) fn without_tax() -> Purchase {
    let mut purchase = with_tax();
    purchase.rules.prices_include_tax = false;
    purchase
}

impl Purchase {
    /// A line of one unit whose class has these rates.
    pub(super) fn line(self, price: i64, rates: Rates<'_>) -> Self {
        self.lines(1, price, rates)
    }

    /// A line of some units whose class has these rates.
    pub(super) fn lines(mut self, quantity: i64, price: i64, rates: Rates<'_>) -> Self {
        let tax_class = self.class(rates, true);
        self.goods.push(Goods {
            product_id: product(self.goods.len() + 1),
            unit_price: money(price),
            quantity: Quantity::parse(quantity).unwrap(),
            tax_class,
            weight: Grams::default(),
            is_shippable: true,
        });
        self
    }

    /// The class with these rates, which are added if they are not there.
    pub(super) fn class(&mut self, rates: Rates<'_>, applies_to_shipping: bool) -> TaxClassCode {
        let codes: Vec<_> = rates.iter().map(|(code, _)| *code).collect();
        let class = TaxClassCode::parse(&format!("_{}", codes.join("-"))).unwrap();
        let known = &mut self.rules.taxes.zones[0].rates;
        if known.iter().all(|rate| rate.class != class) {
            known.extend(rates.iter().map(|(code, parts)| {
                let (id, name) = (TaxRateId(Uuid::nil()), TaxName::parse(code).unwrap());
                let rate = Rate::new(TaxCode::parse(code).unwrap(), name, ppm(*parts), applies_to_shipping, None);
                DatedRate { id, class: class.clone(), rate: rate.unwrap(), starts_on: TODAY, ends_on: None }
            }));
        }
        class
    }

    /// Adds a shipping method with one price.
    pub(super) fn shipping(mut self, cost: i64) -> Self {
        let number = self.rules.methods.len();
        self.rules.methods.push(ShippingMethod {
            code: MethodCode::parse(&format!("m{number}")).unwrap(),
            name: MethodName::parse("Parcel").unwrap(),
            zone: self.rules.taxes.zones[0].zone.clone(),
            position: 0,
            basis: Basis::Flat,
            tiers: Tiers::parse(vec![Tier::new(0, Some(money(cost)), None, None).unwrap()]).unwrap(),
            free_from: None,
            tax_class: None,
            min_days: None,
            max_days: None,
        });
        self
    }

    pub(super) fn shipping_tax(mut self, shipping: ShippingTax) -> Self {
        self.rules.taxes.shipping = shipping;
        self
    }

    pub(super) fn step(mut self, step: i64) -> Self {
        self.rules.total_step = TotalStep::parse(step).unwrap();
        self
    }

    /// Adds a promotion for all lines, after those before it.
    pub(super) fn promoted(self, class: PromotionClass, action: Action) -> Self {
        let number = self.promotions.len() as u128 + 1;
        self.with(promotion(number, class, action))
    }

    /// Adds a promotion for the lines with these numbers.
    pub(super) fn promoted_on(self, lines: &[usize], class: PromotionClass, action: Action) -> Self {
        let number = self.promotions.len() as u128 + 1;
        let targets = Targets(lines.iter().copied().map(product).collect());
        self.with(Promotion { targets, ..promotion(number, class, action) })
    }

    pub(super) fn with(mut self, promotion: Promotion) -> Self {
        self.promotions.push(promotion);
        self
    }

    pub(super) fn price(&self) -> Priced {
        self.try_price().unwrap()
    }

    pub(super) fn try_price(&self) -> Result<Priced, PriceError> {
        let candidates: Vec<_> =
            self.promotions.iter().map(|promotion| Candidate { promotion, coupon: None, uses: 0 }).collect();
        let input = Input {
            goods: &self.goods,
            place: &country("DE"),
            now: NOW,
            today: TODAY,
            buyer: self.buyer,
            candidates: &candidates,
            method: None,
            rules: &self.rules,
        };
        price(&input)
    }
}

/// What examples say of a price.
impl Priced {
    /// Tax, then total.
    pub(super) fn tax_and_total(&self) -> (i64, i64) {
        (self.totals.tax, self.totals.total)
    }

    pub(super) fn line_taxes(&self) -> Vec<i64> {
        self.lines.iter().map(|line| line.tax).collect()
    }

    pub(super) fn line_discounts(&self) -> Vec<i64> {
        self.lines.iter().map(|line| line.discount).collect()
    }

    /// Amount and tax of each share of shipping.
    pub(super) fn shares(&self) -> Vec<(i64, i64)> {
        self.shipping.iter().map(|share| (share.amount, share.tax)).collect()
    }

    /// Code and tax of each rate.
    pub(super) fn by_rate(&self) -> Vec<(&str, i64)> {
        self.taxes.iter().map(|tax| (tax.code.as_str(), tax.tax)).collect()
    }
}
