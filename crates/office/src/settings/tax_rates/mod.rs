//! Tax rates: dated, and never edited. Another rate is a new one, from the day after the last day of the one before.

pub(crate) mod delete;
pub(crate) mod end;
pub(crate) mod new;

use application::Error;
use domain::pricing::TaxRateId;
use domain::tax_rates::TaxRate;
use domain::{Date, Invalid, parse_day};

use crate::request::Staff;

pub(super) use super::SECTION;
/// The page that lists tax rates.
const LIST_PAGE: &str = "settings/taxes";
const PLACE: &str = "settings/tax-rates";

/// The tax rate of the path.
async fn asked(staff: &Staff) -> Result<TaxRate, Error> {
    rate(staff, staff.id::<TaxRateId>("tax rate")?).await
}

async fn rate(staff: &Staff, id: TaxRateId) -> Result<TaxRate, Error> {
    staff.office.queries.tax_rates.get(id).await?.ok_or(Error::NotFound("tax rate"))
}

/// A day as it stands in a field.
fn day(raw: &str) -> Result<Date, Invalid> {
    parse_day(raw.trim())
}
