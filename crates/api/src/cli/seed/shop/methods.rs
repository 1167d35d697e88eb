use application::shipping_methods::CreateShippingMethod;
use domain::pricing::{Basis, MethodCode, MethodName, Tier, Tiers};
use domain::shipping_methods::{Days, DeliveryDays, MethodDetails, MethodStatus, Position, ShippingMethodId};
use domain::{Code, Invalid, Price};

use super::past::{Moment, Past};
use super::{Made, zones};
use crate::cli::error::Failure;

/// Where a tier begins, what it costs, and the length and cost of its steps.
type GivenTier = (i64, Option<i64>, Option<(i64, i64)>);

/// A method before it is parsed.
struct Method {
    zone: u32,
    code: &'static str,
    name: &'static str,
    basis: Basis,
    tiers: &'static [GivenTier],
    free_from: Option<i64>,
    days: (i64, i64),
}

/// The number of the first method.
const FIRST: u32 = 201;

const METHODS: [Method; 8] = [
    Method {
        zone: zones::GERMANY,
        code: "de-parcel",
        name: "Parcel",
        basis: Basis::Weight,
        tiers: &[(0, Some(490), None), (2000, Some(690), Some((1000, 100))), (31_500, None, None)],
        free_from: Some(15_000),
        days: (2, 3),
    },
    Method {
        zone: zones::GERMANY,
        code: "de-express",
        name: "Express",
        basis: Basis::Weight,
        tiers: &[(0, Some(1290), None), (31_500, None, None)],
        free_from: None,
        days: (1, 1),
    },
    Method {
        zone: zones::GERMANY,
        code: "de-freight",
        name: "Freight, to the kerb",
        basis: Basis::Weight,
        tiers: &[(0, None, None), (31_500, Some(4900), Some((50_000, 1500)))],
        free_from: None,
        days: (3, 7),
    },
    Method {
        zone: zones::EUROPE,
        code: "eu-parcel",
        name: "Parcel to Europe",
        basis: Basis::Weight,
        tiers: &[(0, Some(990), None), (2000, Some(1390), Some((1000, 150))), (31_500, None, None)],
        free_from: Some(20_000),
        days: (3, 6),
    },
    Method {
        zone: zones::EUROPE,
        code: "eu-express",
        name: "Express to Europe",
        basis: Basis::Weight,
        tiers: &[(0, Some(2490), None), (31_500, None, None)],
        free_from: None,
        days: (1, 2),
    },
    Method {
        zone: zones::UNITED_STATES,
        code: "us-parcel",
        name: "Parcel to the United States",
        basis: Basis::Weight,
        tiers: &[(0, Some(1490), None), (2000, Some(1990), Some((1000, 400))), (20_000, None, None)],
        free_from: None,
        days: (7, 14),
    },
    Method {
        zone: zones::UNITED_STATES,
        code: "us-express",
        name: "Express to the United States",
        basis: Basis::Weight,
        tiers: &[(0, Some(3990), Some((5000, 1000))), (20_000, None, None)],
        free_from: None,
        days: (2, 4),
    },
    Method {
        zone: zones::WORLD,
        code: "world-parcel",
        name: "Parcel to the world",
        basis: Basis::Quantity,
        tiers: &[(0, Some(1990), Some((1, 500))), (10, None, None)],
        free_from: None,
        days: (10, 30),
    },
];

pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let mut made = Made::default();
    for (number, method) in (FIRST..).zip(&METHODS) {
        let moment = Moment::opening(number);
        let is_new = past.queries.shipping_methods.get(ShippingMethodId(moment.id())).await?.is_none();
        if is_new {
            let (what, create) = (format!("shipping method {}", method.code), CreateShippingMethod(method.details()?));
            past.make(&what, moment, create).await?;
        }
        made.count(is_new);
    }
    made.say(past.tools, "shipping methods");
    Ok(())
}

impl Method {
    fn details(&self) -> Result<MethodDetails, Invalid> {
        let price = |amount: Option<i64>| amount.map(Price::parse).transpose();
        let tier = |(from, amount, step): &GivenTier| {
            let (per, per_amount) = (step.map(|step| step.0), price(step.map(|step| step.1))?);
            Tier::new(*from, price(*amount)?, per, per_amount).map_err(|(_, why)| why)
        };
        let tiers = self.tiers.iter().map(tier).collect::<Result<Vec<_>, _>>()?;
        let refused = |bad: Vec<(String, Invalid)>| {
            let whys: Vec<_> = bad.iter().map(|(field, why)| format!("tiers{field} {why}")).collect();
            Invalid::new(Code::NotAllowed, whys.join("; "))
        };
        let (min, max) = self.days;
        Ok(MethodDetails {
            code: MethodCode::parse(self.code)?,
            name: MethodName::parse(self.name)?,
            zone_id: zones::id(self.zone),
            status: MethodStatus::Active,
            position: Position::default(),
            basis: self.basis,
            tiers: Tiers::parse(tiers).map_err(refused)?,
            free_from: price(self.free_from)?,
            tax_class: None,
            days: DeliveryDays::new(Some(Days::parse(min)?), Some(Days::parse(max)?))?,
        })
    }
}
