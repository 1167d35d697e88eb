use crate::example;
use crate::respond::{Body, Id, Money, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::pricing::{Basis, MethodCode, MethodName, Tier, TierCost, TierStep, Tiers, ZoneId};
use domain::shipping_methods::{
    Days, DeliveryDays, MethodDetails, MethodStatus, Position, ShippingMethod, ShippingMethodId,
};
use domain::{Price, Shop};
use serde::Serialize;

/// A way to ship into a zone, and what it costs.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ShippingMethod")]
pub(crate) struct ShippingMethodBody {
    id: Id,
    code: String,
    name: String,
    /// Where it ships to.
    zone_id: Id,
    status: Word<MethodStatus>,
    /// Its place among others, the lower first.
    position: i64,
    /// What its cost depends on: nothing, the grams, the goods after discounts, or the units of what is shipped.
    basis: Word<Basis>,
    /// What it costs, by where each tier begins.
    tiers: Vec<TierBody>,
    /// The goods after discounts from which on it is free; null if it never is.
    free_from: Option<Money>,
    /// The code of the tax class whose rates it bears; null if those of the goods.
    tax_class: Option<String>,
    min_days: Option<i64>,
    max_days: Option<i64>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// What a shipping method costs from a value of its basis on.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Tier")]
pub(crate) struct TierBody {
    /// Grams, minor units or units, as the basis says.
    from: i64,
    /// The cost; null if the method is not offered from here on.
    amount: Option<Money>,
    /// The length of a step above `from`; null if the cost does not rise.
    per: Option<i64>,
    /// What each step begun adds.
    per_amount: Option<Money>,
}

impl ShippingMethodBody {
    pub(super) fn location(method: &ShippingMethod) -> String {
        format!("/api/v1/shipping-methods/{}", method.id)
    }

    pub(super) fn of(method: &ShippingMethod, shop: Shop) -> Self {
        let details = &method.details;
        let tier = |tier: &Tier| {
            let step = tier.cost.and_then(|cost| cost.step);
            TierBody {
                from: tier.from,
                amount: tier.cost.map(|cost| shop.money(cost.amount).into()),
                per: step.map(|step| step.per),
                per_amount: step.map(|step| shop.money(step.amount).into()),
            }
        };
        Self {
            id: Id(method.id.0),
            code: details.code.as_str().to_owned(),
            name: details.name.to_string(),
            zone_id: Id(details.zone_id.0),
            status: details.status.as_str().into(),
            position: details.position.get(),
            basis: details.basis.as_str().into(),
            tiers: details.tiers.as_slice().iter().map(tier).collect(),
            free_from: details.free_from.map(|price| shop.money(price).into()),
            tax_class: details.tax_class.as_ref().map(|class| class.as_str().to_owned()),
            min_days: details.days.min().map(Days::get),
            max_days: details.days.max().map(Days::get),
            created_at: Timestamp(method.created_at),
            updated_at: Timestamp(method.updated_at),
            version: method.version.0,
        }
    }
}

impl ResponseBody for ShippingMethodBody {
    fn example() -> Self {
        let price = Price::from_trusted;
        let step = TierStep { per: 1000, amount: price(100) };
        let tiers = vec![
            Tier { from: 0, cost: Some(TierCost { amount: price(490), step: Some(step) }) },
            Tier { from: 2000, cost: Some(TierCost { amount: price(690), step: Some(step) }) },
        ];
        let details = MethodDetails {
            code: MethodCode::from_trusted("parcel".to_owned()),
            name: MethodName::from_trusted("Parcel".to_owned()),
            zone_id: ZoneId(example::id()),
            status: MethodStatus::Active,
            position: Position::from_trusted(1),
            basis: Basis::Weight,
            tiers: Tiers::from_trusted(tiers),
            free_from: Some(price(5000)),
            tax_class: None,
            days: DeliveryDays::from_trusted(Some(Days::from_trusted(2)), Some(Days::from_trusted(4))),
        };
        Self::of(&ShippingMethod::new(ShippingMethodId(example::id()), details, example::NOW), example::shop())
    }
}

impl Body for ShippingMethodBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
