use std::sync::Arc;

use application::tax_rates::CreateTaxRate;
use domain::pricing::{DatedRate, Rate, RatePpm, TaxCode, TaxName, Treatment, ZoneId};
use domain::tax_classes::TaxClassCode;
use domain::tax_rates::{TaxRate, TaxRateDetails};
use serde_json::{Value, json};

use super::TAG;
use super::body::TaxRateBody;
use crate::context::State;
use crate::example;
use crate::extract::read::{Boolean, day, id, integer, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Created, Idempotent};

impl FromFields for TaxRateDetails {
    const NAME: &'static str = "NewTaxRate";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let zone_id = fields.required("zone_id", &id(ZoneId));
        let class = fields.required("tax_class", &text(TaxClassCode::parse));
        let code = fields.required("code", &text(TaxCode::parse));
        let name = fields.required("name", &text(TaxName::parse));
        let ppm = fields.required("rate_ppm", &integer(RatePpm::parse));
        let starts_on = fields.required("starts_on", &day());
        let ends_on = fields.optional("ends_on", &day());
        let applies_to_shipping = fields.optional("applies_to_shipping", &Boolean);
        let treatment = fields.optional("treatment", &text(Treatment::parse));
        let days = starts_on.zip(ends_on).and_then(|(first, last)| {
            let checked = DatedRate::check_days(first, last);
            checked.map_err(|invalid| fields.refuse("ends_on", invalid)).ok().map(|()| (first, last))
        });
        let treated = ppm.zip(treatment).and_then(|(ppm, treatment)| {
            let checked = treatment.map_or(Ok(()), |treatment| treatment.check(ppm));
            checked.map_err(|invalid| fields.refuse("treatment", invalid)).ok().map(|()| (ppm, treatment))
        });
        let (starts_on, ends_on) = days?;
        let (ppm, treatment) = treated?;
        let rate = Rate::new(code?, name?, ppm, applies_to_shipping?.unwrap_or(true), treatment).ok()?;
        Some(Self { zone_id: zone_id?, class: class?, rate, starts_on, ends_on })
    }

    fn example() -> Value {
        json!({
            "zone_id": example::ID,
            "tax_class": "standard",
            "code": "DE19",
            "name": "USt. 19 %",
            "rate_ppm": 190_000,
            "starts_on": "2026-01-01",
            "applies_to_shipping": true,
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createTaxRate",
    "Make a tax rate of a zone, from a day on",
    "What is sold into a place bears the rates that the most specific zone has for its class on the day of the order, and \
     no others. A zone may have several rates for a class, which add up; those with the same `code` may not share a day. \
     Zones with an area in common may not both have rates for a class on one day. `rate_ppm` is in parts per million: \
     190000 is 19 %. A rate of 0 may say why in `treatment`. A rate without `applies_to_shipping` is left out of what \
     shipping bears; it is there unless it is false.",
);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<TaxRateDetails>,
) -> Result<Idempotent<Created<TaxRateBody>>, Problem> {
    let present = |made: &TaxRate| Created::at(TaxRateBody::location(made), &TaxRateBody::from(made));
    Ok(staff.runner(&state).run_once(request.claim, CreateTaxRate(request.body), present).await?.try_into()?)
}
