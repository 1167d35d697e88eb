use domain::pricing::DatedRate;
use domain::tax_rates::{excluding, rivals};
use domain::zones::Zone;
use domain::{Code, Date, Invalid};

use crate::{Error, Tx};

/// Which field is refused if a rate conflicts with another one.
pub(super) struct Refused {
    /// If the zone has a rate with the same code on such a day.
    pub days: &'static str,
    /// If another zone has a rate for the class on such a day.
    pub zone: &'static str,
}

/// Checks that a rate may hold in a zone beside all others. Those that ended before `from` do not count.
///
/// # Errors
/// The refusal of a field.
pub(super) async fn expect_free(
    tx: &mut dyn Tx,
    zone: &Zone,
    rate: &DatedRate,
    from: Date,
    refused: Refused,
) -> Result<(), Error> {
    let zones = tx.tax_rates().zones().await?;
    let Some((other, one)) = excluding(zone, rate, &zones, from) else { return Ok(()) };
    let (field, message) = if other.id == zone.id {
        (refused.days, format!("must leave another rate with this code its days, {}", days(one)))
    } else {
        (refused.zone, format!("must not bring two zones to claim the same places: {}", claim(other, one)))
    };
    Err(Error::field(field, Invalid::new(Code::Excluded, message)))
}

/// Checks that, with its new areas, no rate of a zone conflicts with a rate of another zone. Rates that ended before
/// `today` do not count.
///
/// # Errors
/// The refusal of `members`.
pub(crate) async fn expect_no_rival(tx: &mut dyn Tx, zone: &Zone, today: Date) -> Result<(), Error> {
    let zones = tx.tax_rates().zones().await?;
    let Some((other, one)) = rivals(zone, &zones, today) else { return Ok(()) };
    let message = format!("must not bring two zones to claim the same places: {}", claim(other, one));
    Err(Error::field("members", Invalid::new(Code::Excluded, message)))
}

fn claim(zone: &Zone, DatedRate { class, rate, .. }: &DatedRate) -> String {
    let (code, class) = (rate.code.as_str(), class.as_str());
    format!("{} has an area in common, and the rate {code} for the class {class} on such a day", zone.name)
}

fn days(DatedRate { starts_on, ends_on, .. }: &DatedRate) -> String {
    match ends_on {
        Some(last) => format!("{starts_on} to {last}"),
        None => format!("{starts_on} and all after it"),
    }
}
