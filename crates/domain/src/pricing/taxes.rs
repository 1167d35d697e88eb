//! Which rates hold for whom: the tax zones of a shop.

use std::{cmp, fmt};

use super::place::Place;
use super::rate::{DatedRate, Rate};
use super::zone::Zone;
use crate::tax_classes::TaxClassCode;
use crate::{Code, Date, Invalid, Rule, Ruled};

/// Which rates shipping bears.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ShippingTax {
    /// A share for each set of rates of the goods, in proportion to them.
    #[default]
    Proportional,
    /// All of it those of the goods with the highest rate.
    Highest,
    /// All of it those of the largest part of the goods.
    Largest,
    /// All shipping is taxed by this class.
    Class(TaxClassCode),
    /// No tax.
    None,
}

impl ShippingTax {
    /// What stands before a tax class.
    const CLASS: &'static str = "class:";

    /// Parses `proportional`, `highest`, `largest`, `none`, or `class:` and the code of a tax class.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let class = raw.strip_prefix(Self::CLASS).and_then(|class| TaxClassCode::parse(class).ok());
        match (raw, class) {
            (_, Some(class)) => Ok(Self::Class(class)),
            ("proportional", _) => Ok(Self::Proportional),
            ("highest", _) => Ok(Self::Highest),
            ("largest", _) => Ok(Self::Largest),
            ("none", _) => Ok(Self::None),
            _ => {
                let message = "must be proportional, highest, largest, none, or class: and the code of a tax class";
                Err(Invalid::new(Code::NotAllowed, message))
            }
        }
    }
}

impl Ruled for ShippingTax {
    fn rule() -> Rule {
        let pattern = "^(proportional|highest|largest|none|class:[A-Za-z0-9._-]+)$";
        Rule::Pattern { pattern, min: "none".len(), max: Self::CLASS.len() + TaxClassCode::MAX }
    }
}

/// As [`ShippingTax::parse`] reads it.
impl fmt::Display for ShippingTax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proportional => "proportional",
            Self::Highest => "highest",
            Self::Largest => "largest",
            Self::Class(class) => return write!(f, "{}{}", Self::CLASS, class.as_str()),
            Self::None => "none",
        })
    }
}

/// What happens if no rate holds for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingRate {
    /// The item bears no tax.
    Untaxed,
    /// The purchase is refused.
    Refused,
}

/// A zone as taxes see it: its areas, and the rates that hold there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxZone {
    /// The areas in which the rates hold.
    pub zone: Zone,
    /// Which rates shipping bears there, if not those of the shop's setting.
    pub shipping: Option<ShippingTax>,
    /// Its rates, of all classes and days.
    pub rates: Vec<DatedRate>,
}

/// The taxes of a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taxes {
    /// All zones with rates.
    pub zones: Vec<TaxZone>,
    /// Which rates shipping bears where the zone does not say it.
    pub shipping: ShippingTax,
    /// What happens if no rate holds for an item; unless it is set, the purchase is refused once there is any rate.
    pub when_missing: Option<MissingRate>,
}

impl TaxZone {
    fn holding<'a, 'b>(&'a self, class: &'b TaxClassCode, day: Date) -> impl Iterator<Item = &'a Rate> + use<'a, 'b> {
        let holds = move |dated: &&DatedRate| dated.class == *class && dated.holds_on(day);
        self.rates.iter().filter(holds).map(|dated| &dated.rate)
    }

    /// Whether two rates, each with its zone, would both claim the same goods of one place on one day: of one class, in
    /// zones that describe the place equally closely. Within a zone only rates with the same code exclude each other.
    pub fn exclude((zone, rate): (&Zone, &DatedRate), (other_zone, other): (&Zone, &DatedRate)) -> bool {
        let claims = if zone.id == other_zone.id { rate.rate.code == other.rate.code } else { zone.rivals(other_zone) };
        claims && rate.class == other.class && rate.meets(other)
    }

    /// The first pair of rates that exclude each other.
    pub fn conflict(zones: &[Self]) -> Option<(&DatedRate, &DatedRate)> {
        let rates = |zone| -> Vec<_> { Self::rates_with_zone(zone).collect() };
        let all: Vec<_> = zones.iter().flat_map(rates).collect();
        all.iter().enumerate().find_map(|(place, one)| {
            let other = all.iter().take(place).find(|other| Self::exclude(**other, *one))?;
            Some((other.1, one.1))
        })
    }

    fn rates_with_zone(&self) -> impl Iterator<Item = (&Zone, &DatedRate)> {
        self.rates.iter().map(|rate| (&self.zone, rate))
    }
}

impl Taxes {
    /// The rates of a class at a place on a day, by code: those of the most specific zone that has any, and of no other.
    pub fn rates<'a>(&'a self, place: &Place, class: &TaxClassCode, day: Date) -> Vec<&'a Rate> {
        let has_rates = |zone: &&TaxZone| zone.holding(class, day).next().is_some();
        let Some(zone) = self.most_specific(place, has_rates) else { return Vec::new() };
        let mut rates: Vec<_> = zone.holding(class, day).collect();
        rates.sort_by(|a, b| a.code.cmp(&b.code));
        rates
    }

    /// Which rates shipping bears at a place: as the most specific zone says that says anything, else the shop.
    pub fn shipping_at(&self, place: &Place) -> &ShippingTax {
        let says = |zone: &&TaxZone| zone.shipping.is_some();
        self.most_specific(place, says).and_then(|zone| zone.shipping.as_ref()).unwrap_or(&self.shipping)
    }

    /// Whether a purchase is refused if no rate holds for one of its items.
    pub fn refuses_missing(&self) -> bool {
        let has_rates = || self.zones.iter().any(|zone| !zone.rates.is_empty());
        self.when_missing.map_or_else(has_rates, |missing| missing == MissingRate::Refused)
    }

    /// Of equally specific zones, which [`TaxZone::conflict`] keeps apart, the one with the lowest id.
    fn most_specific(&self, place: &Place, of: impl FnMut(&&TaxZone) -> bool) -> Option<&TaxZone> {
        let ranked = self.zones.iter().filter(of).filter_map(|zone| Some((zone.zone.specificity(place)?, zone)));
        ranked.max_by_key(|(specificity, zone)| (*specificity, cmp::Reverse(zone.zone.id))).map(|(_, zone)| zone)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::Uuid;
    use crate::addresses::{CountryCode, PostalCode};
    use crate::pricing::{Area, AreaCountry, PostalPrefix, RatePpm, TaxCode, TaxName, TaxRateId, ZoneId};

    fn rate(class: &str, code: &str, ppm: i64) -> DatedRate {
        let name = TaxName::from_trusted(code.to_owned());
        let rate = Rate::new(TaxCode::parse(code).unwrap(), name, RatePpm::parse(ppm).unwrap(), true, None).unwrap();
        let (id, class) = (TaxRateId(Uuid::nil()), TaxClassCode::parse(class).unwrap());
        DatedRate { id, class, rate, starts_on: date!(2020 - 01 - 01), ends_on: None }
    }

    fn zone(id: u128, country: &str, prefix: Option<&str>, rates: impl Into<Vec<DatedRate>>) -> TaxZone {
        let prefix = prefix.map(|raw| PostalPrefix::parse(raw).unwrap());
        let area = Area::new(AreaCountry::parse(country).unwrap(), None, prefix).unwrap();
        let zone = Zone { id: ZoneId(Uuid::from_u128(id)), areas: vec![area] };
        TaxZone { zone, shipping: None, rates: rates.into() }
    }

    fn place(country: &str, code: &str) -> Place {
        Place::new(CountryCode::parse(country).unwrap(), None, Some(&PostalCode::parse(code).unwrap()))
    }

    fn codes(taxes: &Taxes, place: &Place, class: &str, day: Date) -> Vec<String> {
        let rates = taxes.rates(place, &TaxClassCode::parse(class).unwrap(), day);
        rates.into_iter().map(|rate| rate.code.as_str().to_owned()).collect()
    }

    const TODAY: Date = date!(2026 - 11 - 28);

    #[test]
    fn the_most_specific_zone_with_rates_for_the_class_gives_all_of_its_rates_by_code_r115() {
        let us = zone(1, "US", None, [rate("standard", "US", 10), rate("food", "FOOD", 0)]);
        let ny = zone(2, "US", Some("100"), [rate("standard", "NYC", 45_000), rate("standard", "NY", 40_000)]);
        let zones = vec![zone(3, "*", None, [rate("standard", "ALL", 1)]), us, ny];
        let taxes = Taxes { zones, ..Taxes::default() };
        assert_eq!(codes(&taxes, &place("US", "10001"), "standard", TODAY), ["NY", "NYC"]);
        assert_eq!(codes(&taxes, &place("US", "10001"), "food", TODAY), ["FOOD"]);
        assert_eq!(codes(&taxes, &place("US", "90001"), "standard", TODAY), ["US"]);
        assert_eq!(codes(&taxes, &place("DE", "10001"), "standard", TODAY), ["ALL"]);
        assert!(codes(&taxes, &place("DE", "10001"), "food", TODAY).is_empty());
        assert!(codes(&taxes, &place("US", "10001"), "standard", date!(2019 - 12 - 31)).is_empty());
    }

    #[test]
    fn a_zone_may_say_which_rates_shipping_bears_r115() {
        let mut taxes = Taxes { zones: vec![zone(1, "DE", None, [])], ..Taxes::default() };
        assert_eq!(*taxes.shipping_at(&place("DE", "1")), ShippingTax::Proportional);
        taxes.zones[0].shipping = Some(ShippingTax::Highest);
        assert_eq!(*taxes.shipping_at(&place("DE", "1")), ShippingTax::Highest);
        assert_eq!(*taxes.shipping_at(&place("AT", "1")), ShippingTax::Proportional);
    }

    #[test]
    fn a_missing_rate_is_refused_once_there_is_any_rate_unless_a_setting_says_otherwise_r115() {
        let none = Taxes::default();
        assert!(!none.refuses_missing());
        let any = Taxes { zones: vec![zone(1, "DE", None, [rate("standard", "A", 1)])], ..none };
        assert!(any.refuses_missing());
        assert!(!Taxes { when_missing: Some(MissingRate::Untaxed), ..any }.refuses_missing());
        assert!(Taxes { when_missing: Some(MissingRate::Refused), ..Taxes::default() }.refuses_missing());
    }

    #[test]
    fn equally_specific_zones_may_not_both_have_rates_for_a_class_on_a_day_r103() {
        let one = |class, code| zone(1, "DE", None, [rate(class, code, 1)]);
        let other = |prefix, class| zone(2, "DE", prefix, [rate(class, "B", 1)]);
        assert!(TaxZone::conflict(&[one("standard", "A"), other(None, "standard")]).is_some());
        assert!(TaxZone::conflict(&[one("standard", "A"), other(None, "food")]).is_none());
        assert!(TaxZone::conflict(&[one("standard", "A"), other(Some("27"), "standard")]).is_none());
        let mut before = one("standard", "A");
        before.rates[0].ends_on = Some(date!(2019 - 12 - 31));
        before.rates[0].starts_on = date!(2019 - 01 - 01);
        assert!(TaxZone::conflict(&[before, other(None, "standard")]).is_none());
    }

    #[test]
    fn a_zone_may_have_several_rates_for_a_class_but_a_code_once_r103() {
        let twice = |codes: [&str; 2]| [zone(1, "CA", None, codes.map(|code| rate("standard", code, 1)))];
        assert!(TaxZone::conflict(&twice(["GST", "PST"])).is_none());
        assert!(TaxZone::conflict(&twice(["GST", "GST"])).is_some());
    }

    #[test]
    fn the_tax_treatment_of_shipping_is_read_as_written_r101_r115() {
        for raw in ["proportional", "highest", "largest", "none", "class:reduced"] {
            assert_eq!(ShippingTax::parse(raw).unwrap().to_string(), raw);
        }
        for bad in ["", "class:", "class:a b", "Highest"] {
            assert_eq!(ShippingTax::parse(bad).unwrap_err().code, Code::NotAllowed, "{bad}");
        }
    }
}
