use application::zones::CreateZone;
use domain::Invalid;
use domain::pricing::{Area, AreaCountry, AreaRegion, ZoneId};
use domain::zones::{Members, MembersError, ZoneDetails, ZoneName};

use super::Made;
use super::past::{Moment, Past};
use crate::cli::error::Failure;

pub(super) const GERMANY: u32 = 101;
pub(super) const EUROPE: u32 = 102;
pub(super) const CALIFORNIA: u32 = 103;
pub(super) const NEW_YORK: u32 = 104;
pub(super) const UNITED_STATES: u32 = 105;
pub(super) const WORLD: u32 = 106;

/// The number of each zone, its name, and its areas: countries, or regions of them such as `US-CA`.
const ZONES: [(u32, &str, &str); 6] = [
    (GERMANY, "Germany", "DE"),
    (
        EUROPE,
        "European Union without Germany",
        "AT BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    ),
    (CALIFORNIA, "California", "US-CA"),
    (NEW_YORK, "New York", "US-NY"),
    (UNITED_STATES, "United States", "US"),
    (WORLD, "World", "*"),
];

pub(super) async fn seed(past: &Past<'_>) -> Result<(), Failure> {
    let mut made = Made::default();
    for (number, name, areas) in &ZONES {
        let is_new = past.queries.zones.get(id(*number)).await?.is_none();
        if is_new {
            let create = CreateZone(details(name, areas)?);
            past.make(&format!("zone {name}"), Moment::opening(*number), create).await?;
        }
        made.count(is_new);
    }
    made.say(past.tools, "zones");
    Ok(())
}

/// The id of a zone by its number.
pub(super) fn id(number: u32) -> ZoneId {
    ZoneId(Moment::opening(number).id())
}

fn details(name: &str, areas: &str) -> Result<ZoneDetails, Invalid> {
    let area = |text: &str| {
        let (country, region) = text.split_once('-').map_or((text, None), |(country, region)| (country, Some(region)));
        let region = region.map(AreaRegion::parse).transpose()?;
        Area::new(AreaCountry::parse(country)?, region, None).map_err(|(_, why)| why)
    };
    let areas = areas.split(' ').map(area).collect::<Result<Vec<_>, _>>()?;
    let members = Members::parse(areas).map_err(|error| match error {
        MembersError::Count(why) | MembersError::Repeated(_, why) => why,
    })?;
    Ok(ZoneDetails { name: ZoneName::parse(name)?, members, shipping_tax: None })
}
