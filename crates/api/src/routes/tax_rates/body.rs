use crate::example;
use crate::respond::{Body, Day, Id, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::Version;
use domain::pricing::{DatedRate, Treatment};
use domain::tax_classes::TaxClassCode;
use domain::tax_rates::TaxRate;
use serde::Serialize;
use time::macros::date;

/// A tax rate of a zone, from a day on.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "TaxRate")]
pub(crate) struct TaxRateBody {
    id: Id,
    /// Where it holds.
    zone_id: Id,
    /// The code of the class of what bears it.
    tax_class: String,
    /// What stands on invoices.
    code: String,
    name: String,
    /// Parts per million: 190000 is 19 %.
    rate_ppm: i64,
    /// The first day.
    starts_on: Day,
    /// The last day; null if it is not known.
    ends_on: Option<Day>,
    /// Whether shipping bears it too, with the goods that do.
    applies_to_shipping: bool,
    /// Why it is as it is: `standard` above 0, else `zero`, `exempt` or `export`.
    treatment: Word<Treatment>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl TaxRateBody {
    pub(super) fn location(rate: &TaxRate) -> String {
        format!("/api/v1/tax-rates/{}", rate.dated.id)
    }
}

impl From<&TaxRate> for TaxRateBody {
    fn from(kept: &TaxRate) -> Self {
        let DatedRate { id, class, rate, starts_on, ends_on } = &kept.dated;
        Self {
            id: Id(id.0),
            zone_id: Id(kept.zone_id.0),
            tax_class: class.as_str().to_owned(),
            code: rate.code.as_str().to_owned(),
            name: rate.name.to_string(),
            rate_ppm: rate.ppm.get(),
            starts_on: Day(*starts_on),
            ends_on: ends_on.map(Day),
            applies_to_shipping: rate.applies_to_shipping,
            treatment: rate.treatment().as_str().into(),
            created_at: Timestamp(kept.created_at),
            updated_at: Timestamp(kept.updated_at),
            version: kept.version.0,
        }
    }
}

impl ResponseBody for TaxRateBody {
    fn example() -> Self {
        Self {
            id: Id(example::id()),
            zone_id: Id(example::id()),
            tax_class: TaxClassCode::default().as_str().to_owned(),
            code: "DE19".to_owned(),
            name: "USt. 19 %".to_owned(),
            rate_ppm: 190_000,
            starts_on: Day(date!(2026 - 01 - 01)),
            ends_on: None,
            applies_to_shipping: true,
            treatment: Treatment::Standard.as_str().into(),
            created_at: Timestamp(example::NOW),
            updated_at: Timestamp(example::NOW),
            version: Version::FIRST.0,
        }
    }
}

impl Body for TaxRateBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
