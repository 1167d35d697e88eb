use crate::Date;
use crate::pricing::{self, DatedRate, TaxZone};
use crate::zones::Zone;

/// A zone with all its tax rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedZone {
    /// Its name, its areas, and how shipping is taxed there.
    pub zone: Zone,
    /// Its rates, in order of id.
    pub rates: Vec<DatedRate>,
}

/// What taxes are worked out with.
impl From<RatedZone> for TaxZone {
    fn from(RatedZone { zone, rates }: RatedZone) -> Self {
        Self { zone: (&zone).into(), shipping: zone.shipping_tax, rates }
    }
}

/// The first other rate that excludes a rate of a zone, with its zone. Rates whose last day is before `from` do not count.
pub fn excluding<'a>(
    zone: &Zone,
    rate: &DatedRate,
    zones: &'a [RatedZone],
    from: Date,
) -> Option<(&'a Zone, &'a DatedRate)> {
    let here = pricing::Zone::from(zone);
    zones.iter().find_map(|other| {
        let there = pricing::Zone::from(&other.zone);
        let excludes = |one: &&DatedRate| {
            one.id != rate.id && lasts_until(one, from) && TaxZone::exclude((&here, rate), (&there, one))
        };
        other.rates.iter().find(excludes).map(|one| (&other.zone, one))
    })
}

/// The first rate of another zone that excludes one of this zone today or later, with its zone. The zone need not have
/// the areas that it has among `zones`.
pub fn rivals<'a>(zone: &Zone, zones: &'a [RatedZone], today: Date) -> Option<(&'a Zone, &'a DatedRate)> {
    let own = zones.iter().find(|one| one.zone.id == zone.id)?;
    let current = own.rates.iter().filter(|rate| lasts_until(rate, today));
    current.filter_map(|rate| excluding(zone, rate, zones, today)).find(|(other, _)| other.id != zone.id)
}

fn lasts_until(rate: &DatedRate, day: Date) -> bool {
    rate.ends_on.is_none_or(|last| day <= last)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::pricing::{Area, AreaCountry, Rate, RatePpm, TaxCode, TaxName, TaxRateId, ZoneId};
    use crate::tax_classes::TaxClassCode;
    use crate::zones::{Members, ZoneDetails, ZoneName};
    use crate::{UtcDateTime, Uuid};

    const TODAY: Date = date!(2026 - 11 - 28);

    fn zone(n: u128, countries: &[&str]) -> Zone {
        let area = |country: &&str| Area::new(AreaCountry::parse(country).unwrap(), None, None).unwrap();
        let members = Members::parse(countries.iter().map(area).collect()).unwrap();
        let name = ZoneName::parse(&format!("zone {n}")).unwrap();
        let details = ZoneDetails { name, members, shipping_tax: None };
        Zone::new(ZoneId(Uuid::from_u128(n)), details, UtcDateTime::UNIX_EPOCH)
    }

    fn rate(id: u128, code: &str, class: &str, ends_on: Option<Date>) -> DatedRate {
        let (code, name) = (TaxCode::parse(code).unwrap(), TaxName::parse("VAT").unwrap());
        let rate = Rate::new(code, name, RatePpm::parse(190_000).unwrap(), true, None).unwrap();
        let (id, class) = (TaxRateId(Uuid::from_u128(id)), TaxClassCode::parse(class).unwrap());
        DatedRate { id, class, rate, starts_on: date!(2020 - 01 - 01), ends_on }
    }

    fn rated(zone: Zone, rates: impl Into<Vec<DatedRate>>) -> RatedZone {
        RatedZone { zone, rates: rates.into() }
    }

    fn name((zone, _): (&Zone, &DatedRate)) -> String {
        zone.name.to_string()
    }

    #[test]
    fn a_rate_is_excluded_by_its_code_in_its_zone_and_by_its_class_in_zones_with_a_common_area_r103() {
        let zones = [
            rated(zone(1, &["DE"]), [rate(1, "DE19", "standard", None)]),
            rated(zone(2, &["DE", "FR"]), [rate(2, "FR20", "food", None)]),
        ];
        let excluded = |n, countries: &[&str], one: DatedRate| {
            excluding(&zone(n, countries), &one, &zones, Date::MIN).map(name).unwrap_or_default()
        };
        assert_eq!(excluded(1, &["DE"], rate(9, "DE19", "standard", None)), "zone 1");
        assert_eq!(excluded(1, &["DE"], rate(9, "SOLI", "standard", None)), "");
        assert_eq!(excluded(1, &["DE"], rate(1, "DE19", "standard", None)), "", "not by itself");
        assert_eq!(excluded(2, &["DE", "FR"], rate(9, "X", "standard", None)), "zone 1");
        assert_eq!(excluded(3, &["AT"], rate(9, "X", "standard", None)), "");
        assert_eq!(excluded(3, &["FR"], rate(9, "X", "food", None)), "zone 2");
        assert_eq!(excluded(3, &["FR"], rate(9, "X", "books", None)), "");
    }

    #[test]
    fn a_rate_that_ended_before_the_day_excludes_nothing_r103() {
        let past = rate(1, "DE19", "standard", Some(date!(2026 - 11 - 27)));
        let zones = [rated(zone(1, &["DE"]), [past])];
        let new = rate(9, "X", "standard", None);
        assert!(excluding(&zone(2, &["DE"]), &new, &zones, Date::MIN).is_some());
        assert!(excluding(&zone(2, &["DE"]), &new, &zones, TODAY).is_none());
        assert!(excluding(&zone(2, &["DE"]), &new, &zones, date!(2026 - 11 - 27)).is_some());
    }

    #[test]
    fn a_zone_that_gets_an_area_of_another_one_is_its_rival_if_both_have_rates_for_a_class_r101_r103() {
        let zones = |last| {
            let de = rated(zone(1, &["DE"]), [rate(1, "DE19", "standard", None), rate(2, "DE19S", "standard", None)]);
            [de, rated(zone(2, &["FR"]), [rate(3, "FR20", "standard", last)])]
        };
        assert_eq!(rivals(&zone(1, &["DE", "FR"]), &zones(None), TODAY).map(name).as_deref(), Some("zone 2"));
        assert_eq!(rivals(&zone(2, &["DE"]), &zones(None), TODAY).map(name).as_deref(), Some("zone 1"));
        assert_eq!(rivals(&zone(1, &["DE", "AT"]), &zones(None), TODAY), None);
        assert_eq!(rivals(&zone(3, &["DE", "FR"]), &zones(None), TODAY), None, "it has no rates");
        for changed in [zone(1, &["DE", "FR"]), zone(2, &["DE"])] {
            assert_eq!(rivals(&changed, &zones(Some(date!(2026 - 11 - 27))), TODAY), None);
            assert!(rivals(&changed, &zones(Some(TODAY)), TODAY).is_some());
        }
    }
}
