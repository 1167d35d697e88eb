use application::tax_classes::CreateTaxClass;
use application::tax_rates::CreateTaxRate;
use domain::pricing::{Rate, RatePpm, TaxCode, TaxName, TaxRateId, Treatment};
use domain::tax_classes::{TaxClassCode, TaxClassDetails, TaxClassName};
use domain::tax_rates::TaxRateDetails;
use domain::{Date, Invalid};
use time::macros::date;

use super::past::{Moment, Past};
use super::{Made, zones};
use crate::cli::error::Failure;

/// The class of books and food. All other goods have the class `standard`, which every shop has.
pub(super) const REDUCED: &str = "reduced";

/// The number of the class.
const CLASS: u32 = 301;

/// The number of the first rate.
const FIRST: u32 = 302;

/// A rate before it is parsed.
struct SeededRate {
    zone: u32,
    class: &'static str,
    code: &'static str,
    name: &'static str,
    ppm: i64,
    days: (Date, Option<Date>),
    applies_to_shipping: bool,
    treatment: Option<Treatment>,
}

/// German VAT, from its first day to its last one.
const fn german(class: &'static str, ppm: i64, days: (Date, Option<Date>)) -> SeededRate {
    let (zone, code, name) = (zones::GERMANY, "DE-VAT", "German VAT");
    SeededRate { zone, class, code, name, ppm, days, applies_to_shipping: true, treatment: None }
}

/// German VAT on sales to the rest of the EU, as it is for shops that sell little there.
const fn european(class: &'static str, ppm: i64) -> SeededRate {
    let (zone, code, name) = (zones::EUROPE, "DE-VAT", "German VAT, below the threshold for sales to the EU");
    let days = (date!(2021 - 07 - 01), None);
    SeededRate { zone, class, code, name, ppm, days, applies_to_shipping: true, treatment: None }
}

/// California taxes books as it taxes lamps, and no shipping that is charged for by itself.
const fn californian(class: &'static str) -> SeededRate {
    let (zone, code, name, days) = (zones::CALIFORNIA, "CA-TAX", "California sales tax", (date!(2017 - 01 - 01), None));
    SeededRate { zone, class, code, name, ppm: 72_500, days, applies_to_shipping: false, treatment: None }
}

/// New York taxes shipping as it taxes the goods.
const fn of_new_york(class: &'static str) -> SeededRate {
    let (zone, code, name, days) = (zones::NEW_YORK, "NY-TAX", "New York sales tax", (date!(2005 - 06 - 01), None));
    SeededRate { zone, class, code, name, ppm: 40_000, days, applies_to_shipping: true, treatment: None }
}

/// Whatever goes elsewhere is exported.
const fn exported(class: &'static str) -> SeededRate {
    let (zone, code, name, days) = (zones::WORLD, "EXPORT", "Export, not taxed", (date!(2017 - 01 - 01), None));
    SeededRate { zone, class, code, name, ppm: 0, days, applies_to_shipping: true, treatment: Some(Treatment::Export) }
}

const STANDARD: &str = "standard";

/// The days of 2020 on which German VAT was lower.
const LOWERED: (Date, Option<Date>) = (date!(2020 - 07 - 01), Some(date!(2020 - 12 - 31)));
const SINCE: (Date, Option<Date>) = (date!(2021 - 01 - 01), None);

const RATES: [SeededRate; 12] = [
    german(STANDARD, 160_000, LOWERED),
    german(STANDARD, 190_000, SINCE),
    german(REDUCED, 50_000, LOWERED),
    german(REDUCED, 70_000, SINCE),
    european(STANDARD, 190_000),
    european(REDUCED, 70_000),
    californian(STANDARD),
    californian(REDUCED),
    of_new_york(STANDARD),
    of_new_york(REDUCED),
    exported(STANDARD),
    exported(REDUCED),
];

pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let class = TaxClassDetails { code: TaxClassCode::parse(REDUCED)?, name: TaxClassName::parse("Books and food")? };
    let is_new = !past.queries.tax_classes.codes().await?.contains(&class.code);
    if is_new {
        past.make("tax class", Moment::opening(CLASS), CreateTaxClass(class)).await?;
    }
    let mut made = Made::default();
    made.count(is_new);
    made.say(past.tools, "tax classes");

    let mut made = Made::default();
    for (number, rate) in (FIRST..).zip(&RATES) {
        let moment = Moment::opening(number);
        let is_new = past.queries.tax_rates.get(TaxRateId(moment.id())).await?.is_none();
        if is_new {
            past.make(&format!("tax rate {}", rate.code), moment, CreateTaxRate(rate.details()?)).await?;
        }
        made.count(is_new);
    }
    made.say(past.tools, "tax rates");
    Ok(())
}

impl SeededRate {
    fn details(&self) -> Result<TaxRateDetails, Invalid> {
        let (code, name, ppm) = (TaxCode::parse(self.code)?, TaxName::parse(self.name)?, RatePpm::parse(self.ppm)?);
        Ok(TaxRateDetails {
            zone_id: zones::id(self.zone),
            class: TaxClassCode::parse(self.class)?,
            rate: Rate::new(code, name, ppm, self.applies_to_shipping, self.treatment)?,
            starts_on: self.days.0,
            ends_on: self.days.1,
        })
    }
}
