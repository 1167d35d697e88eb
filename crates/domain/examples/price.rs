//! Prices the shops that it reads, one JSON object a line, and writes what each costs. `.ci/money` compares this with
//! another implementation of the same rules.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Write};

use domain::addresses::CountryCode;
use domain::customers::Exemption;
use domain::pricing::{
    Action, Adjustment, AdjustmentKind, Area, AreaCountry, Basis, BuyGet, Buyer, Candidate, Conditions, DatedRate,
    Goods, Input, MethodCode, MethodName, MissingRate, Place, PriceRules, Priced, PricedItem, Promotion,
    PromotionClass, PromotionId, PromotionName, Rate, RatePpm, Share, ShippingMethod, ShippingTax, Targets, TaxCode,
    TaxName, TaxRateId, TaxZone, Taxes, Tier, TierCost, Tiers, TotalStep, Totals, Whole, Zone, ZoneId, price,
};
use domain::products::ProductId;
use domain::tax_classes::TaxClassCode;
use domain::{Date, Grams, Invalid, Price, Quantity, UtcDateTime, Uuid};
use serde::Deserialize;
use serde_json::{Value, json};

/// A shop with a purchase.
#[derive(Deserialize)]
struct Shop {
    prices_include_tax: bool,
    step: i64,
    is_exempt: bool,
    shipping: Option<i64>,
    shipping_tax: String,
    /// The code and the parts per million of each rate of each class, and whether it applies to shipping.
    classes: BTreeMap<String, Vec<(String, i64, bool)>>,
    lines: Vec<Line>,
    promotions: Vec<Offer>,
}

#[derive(Deserialize)]
struct Line {
    price: i64,
    quantity: i64,
    class: String,
    /// Units that are given back, one part after the other.
    parts: Vec<i64>,
}

#[derive(Deserialize)]
struct Offer {
    class: String,
    priority: i64,
    combines: Vec<String>,
    /// The numbers of the lines that it is for; all if there are none.
    targets: Vec<u128>,
    action: Takes,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Takes {
    Percent(i64),
    Amount(i64),
    AmountEach(i64),
    /// Buy, get, parts per million, most times.
    BuyGet(i64, i64, i64, Option<i64>),
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const DAY: Date = Date::MIN;

fn product(line: u128) -> ProductId {
    ProductId(Uuid::from_u128(line))
}

fn class(name: &str) -> Result<PromotionClass> {
    let known = PromotionClass::ALL.iter().copied().find(|class| class.as_str() == name);
    known.ok_or_else(|| format!("no class of promotions: {name}").into())
}

impl Offer {
    fn promotion(&self, number: u128) -> Result<Promotion> {
        let action = match self.action {
            Takes::Percent(parts) => Action::Percent(RatePpm::parse(parts)?),
            Takes::Amount(amount) => Action::Amount(Price::parse(amount)?),
            Takes::AmountEach(amount) => Action::AmountEach(Price::parse(amount)?),
            Takes::BuyGet(buy, get, off, max_times) => {
                Action::BuyGet(BuyGet { buy, get, off: RatePpm::parse(off)?, max_times })
            }
        };
        Ok(Promotion {
            id: PromotionId(Uuid::from_u128(number)),
            name: PromotionName::parse("x")?,
            class: class(&self.class)?,
            action,
            conditions: Conditions::default(),
            targets: Targets(self.targets.iter().copied().map(product).collect()),
            combines: self.combines.iter().map(|name| class(name)).collect::<Result<_>>()?,
            priority: self.priority,
            starts_at: UtcDateTime::UNIX_EPOCH,
            ends_at: None,
            usage_limit: None,
            per_customer_limit: None,
            used: 0,
        })
    }
}

impl Shop {
    fn rules(&self) -> Result<PriceRules> {
        let everywhere = Area::new(AreaCountry::Every, None, None).map_err(|(_, why)| why)?;
        let zone = Zone { id: ZoneId(Uuid::nil()), areas: vec![everywhere] };
        let methods = self.shipping.map(|cost| method(&zone, cost)).transpose()?;
        let rates = self.classes.iter().flat_map(|(class, rates)| rates.iter().map(move |rate| dated(class, rate)));
        let rates = rates.collect::<std::result::Result<_, _>>()?;
        Ok(PriceRules {
            prices_include_tax: self.prices_include_tax,
            total_step: TotalStep::parse(self.step)?,
            home: home()?,
            taxes: Taxes {
                zones: vec![TaxZone { zone, shipping: None, rates }],
                shipping: ShippingTax::parse(&self.shipping_tax)?,
                when_missing: Some(MissingRate::Untaxed),
            },
            methods: methods.into_iter().collect(),
        })
    }

    fn goods(&self) -> Result<Vec<Goods>> {
        let goods = |(number, line): (u128, &Line)| -> Result<Goods> {
            Ok(Goods {
                product_id: product(number),
                unit_price: Price::parse(line.price)?,
                quantity: Quantity::parse(line.quantity)?,
                tax_class: TaxClassCode::parse(&line.class)?,
                weight: Grams::default(),
                is_shippable: true,
            })
        };
        (1..).zip(&self.lines).map(goods).collect()
    }

    fn price(&self) -> Result<Value> {
        let promotions = (1..).zip(&self.promotions).map(|(number, offer)| offer.promotion(number));
        let promotions = promotions.collect::<Result<Vec<_>>>()?;
        let candidates: Vec<_> =
            promotions.iter().map(|promotion| Candidate { promotion, coupon: None, uses: 0 }).collect();
        let buyer = Buyer { exemption: self.is_exempt.then_some(Exemption::ReverseCharge), ..Buyer::default() };
        let priced = price(&Input {
            goods: &self.goods()?,
            place: &home()?,
            now: UtcDateTime::UNIX_EPOCH,
            today: DAY,
            buyer,
            candidates: &candidates,
            method: None,
            rules: &self.rules()?,
        })?;
        let item = |item: &PricedItem| [item.amount, item.discount, item.exempted, item.tax, item.net, item.gross];
        let Totals { subtotal, discount, exempted, shipping, tax, rounding, total } = priced.totals;
        Ok(json!({
            "totals": [subtotal, discount, exempted, shipping, tax, rounding, total],
            "lines": priced.lines.iter().map(item).collect::<Vec<_>>(),
            "shipping": priced.shipping.iter().map(item).collect::<Vec<_>>(),
            "taxes": priced.taxes.iter().map(|tax| (tax.code.as_str(), tax.tax)).collect::<Vec<_>>(),
            "parts": self.parts(&priced)?,
        }))
    }

    /// Gross and tax of each part of each line.
    fn parts(&self, priced: &Priced) -> Result<Vec<Vec<(i64, i64)>>> {
        let of_line = |(number, line): (usize, &Line)| -> Result<Vec<(i64, i64)>> {
            let amounts = priced.lines.get(number - 1).ok_or("a line without a price")?;
            let is_tax = |one: &&Adjustment| one.kind == AdjustmentKind::Tax && one.share == Share::Line(number);
            let taxes = priced.adjustments.iter().filter(is_tax).map(|tax| tax.amount).collect();
            let mut given = Whole::new(line.quantity, amounts.gross, taxes)?.untouched();
            let mut parts = Vec::new();
            for units in &line.parts {
                let part = given.give_units(*units)?;
                parts.push((part.gross, part.tax()));
            }
            Ok(parts)
        };
        (1..).zip(&self.lines).map(of_line).collect()
    }
}

fn home() -> std::result::Result<Place, Invalid> {
    Ok(Place::new(CountryCode::parse("DE")?, None, None))
}

fn dated(class: &str, rate: &(String, i64, bool)) -> std::result::Result<DatedRate, Invalid> {
    let (code, parts, applies_to_shipping) = rate;
    let (id, name) = (TaxRateId(Uuid::nil()), TaxName::parse(code)?);
    let rate = Rate::new(TaxCode::parse(code)?, name, RatePpm::parse(*parts)?, *applies_to_shipping, None)?;
    Ok(DatedRate { id, class: TaxClassCode::parse(class)?, rate, starts_on: DAY, ends_on: None })
}

fn method(zone: &Zone, cost: i64) -> std::result::Result<ShippingMethod, Invalid> {
    let cost = TierCost { amount: Price::parse(cost)?, step: None };
    Ok(ShippingMethod {
        code: MethodCode::parse("parcel")?,
        name: MethodName::parse("Parcel")?,
        zone: zone.clone(),
        position: 0,
        basis: Basis::Flat,
        tiers: Tiers::from_trusted(vec![Tier { from: 0, cost: Some(cost) }]),
        free_from: None,
        tax_class: None,
        min_days: None,
        max_days: None,
    })
}

fn main() -> Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let shop: Shop = serde_json::from_str(&line?)?;
        writeln!(out, "{}", shop.price()?)?;
    }
    Ok(out.flush()?)
}
