//! Zones: the areas that shipping methods and tax rates are for.

use super::place::{Place, folded, without_blanks};
use crate::addresses::CountryCode;
use crate::{Code, Invalid, Lines, Rule, Ruled};

crate::id::id! {
    /// The id of a zone.
    ZoneId
}

/// The region of an area, as it is compared: trimmed, in capitals, 1 to 100 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaRegion(String);

/// What postal codes of an area begin with, as it is compared: in capitals, without white space, 1 to 20 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostalPrefix(String);

impl AreaRegion {
    /// The most characters allowed.
    pub const MAX: usize = 100;

    /// Parses a text, and makes it comparable. Capitals may be longer: `ß` becomes `SS`.
    ///
    /// # Errors
    /// If it is blank, too long in capitals, or has control characters.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let text = crate::text::bounded(raw, 1, Self::MAX, Lines::One)?;
        crate::text::bounded(&folded(&text), 1, Self::MAX, Lines::One).map(Self)
    }

    /// The text as it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for AreaRegion {
    fn rule() -> Rule {
        Rule::Text { min: 1, max: Self::MAX, lines: Lines::One }
    }
}

impl PostalPrefix {
    /// The form before white space is taken away, as a regular expression: a letter or a digit, and after it letters,
    /// digits, dashes and blanks. Nothing else begins a postal code; a `*` would be an area that covers nothing.
    pub const PATTERN: &'static str = r"^ *[A-Za-z0-9][A-Za-z0-9 \-]*$";
    /// The most characters allowed, with blanks.
    pub const MAX: usize = 20;

    /// Parses what postal codes begin with, and makes it comparable.
    ///
    /// # Errors
    /// If it is blank or too long, or no postal code begins so.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let text = crate::text::bounded(raw, 1, Self::MAX, Lines::One)?;
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b' ');
        if raw.bytes().all(fits) && !text.starts_with('-') {
            return Ok(Self(without_blanks(&text)));
        }
        let message = "must be what postal codes begin with, such as 90 or SW1A: letters, digits and dashes";
        Err(Invalid::new(Code::Format, message))
    }

    /// The text as it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for PostalPrefix {
    fn rule() -> Rule {
        Rule::Pattern { pattern: Self::PATTERN, min: 1, max: Self::MAX }
    }
}

/// Which countries an area is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AreaCountry {
    /// Every country, written `*`.
    Every,
    /// One country, by its alpha-2 code of ISO 3166-1.
    One(CountryCode),
}

impl AreaCountry {
    /// What stands for every country.
    pub const EVERY: &'static str = "*";

    /// Parses a country code in capitals, or `*`.
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        if raw == Self::EVERY {
            return Ok(Self::Every);
        }
        let message = "must be an assigned ISO 3166-1 alpha-2 code in capitals, such as DE, or * for every country";
        CountryCode::parse(raw).map(Self::One).map_err(|_| Invalid::new(Code::NotAllowed, message))
    }

    /// The country code, or `*`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Every => Self::EVERY,
            Self::One(country) => country.as_str(),
        }
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        if stored == Self::EVERY { Self::Every } else { Self::One(CountryCode::from_trusted(stored)) }
    }
}

impl Ruled for AreaCountry {
    fn rule() -> Rule {
        match CountryCode::rule() {
            Rule::OneOf(words) => Rule::OneOf([Self::EVERY].into_iter().chain(words).collect()),
            other => other,
        }
    }
}

/// A member of a zone: every country, a country, or a part of a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    country: AreaCountry,
    region: Option<AreaRegion>,
    postal_prefix: Option<PostalPrefix>,
}

/// How closely an area describes a place. The greater is the more specific one: first the longer postal prefix, then one
/// with a region, then one with a country.
///
/// Two areas that cover one place equally closely are the same area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specificity {
    postal_prefix: usize,
    region: bool,
    country: bool,
}

impl Area {
    /// An area. Region and postal prefix are parts of one country.
    ///
    /// # Errors
    /// The field that needs a country, with the reason.
    pub fn new(
        country: AreaCountry,
        region: Option<AreaRegion>,
        postal_prefix: Option<PostalPrefix>,
    ) -> Result<Self, (&'static str, Invalid)> {
        let fields = [("region", region.is_some()), ("postal_prefix", postal_prefix.is_some())];
        if let (AreaCountry::Every, Some((field, _))) = (&country, fields.into_iter().find(|(_, given)| *given)) {
            return Err((field, Invalid::new(Code::Excluded, "must not be given where country is *")));
        }
        Ok(Self { country, region, postal_prefix })
    }

    /// A stored value, which was checked before it was stored.
    pub const fn from_trusted(
        country: AreaCountry,
        region: Option<AreaRegion>,
        postal_prefix: Option<PostalPrefix>,
    ) -> Self {
        Self { country, region, postal_prefix }
    }

    /// The country that the area is in, or every country.
    pub const fn country(&self) -> &AreaCountry {
        &self.country
    }

    /// The region, if it is only one.
    pub const fn region(&self) -> Option<&AreaRegion> {
        self.region.as_ref()
    }

    /// What its postal codes begin with, if not anything.
    pub const fn postal_prefix(&self) -> Option<&PostalPrefix> {
        self.postal_prefix.as_ref()
    }

    /// Whether the place lies in the area. A place without a region lies in no area with one; so with postal codes.
    pub fn covers(&self, place: &Place) -> bool {
        let country = match &self.country {
            AreaCountry::Every => true,
            AreaCountry::One(country) => country == place.country(),
        };
        let region = self.region.as_ref().is_none_or(|region| place.region() == Some(region.as_str()));
        let begins = |prefix: &PostalPrefix| place.postal_code().is_some_and(|code| code.starts_with(prefix.as_str()));
        country && region && self.postal_prefix.as_ref().is_none_or(begins)
    }

    /// How closely it describes the places in it.
    pub fn specificity(&self) -> Specificity {
        Specificity {
            postal_prefix: self.postal_prefix.as_ref().map_or(0, |prefix| prefix.as_str().chars().count()),
            region: self.region.is_some(),
            country: self.country != AreaCountry::Every,
        }
    }
}

/// A zone: one or more areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// By which shipping methods and tax rates name it.
    pub id: ZoneId,
    /// One or more. What is in any of them is in the zone.
    pub areas: Vec<Area>,
}

impl Zone {
    /// How closely the zone describes the place: as its most specific area does. `None` if no area covers it.
    pub fn specificity(&self, place: &Place) -> Option<Specificity> {
        self.areas.iter().filter(|area| area.covers(place)).map(Area::specificity).max()
    }

    /// Whether some place lies in both zones, and neither describes it more closely: they have an area in common.
    pub fn rivals(&self, other: &Self) -> bool {
        self.areas.iter().any(|area| other.areas.contains(area))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;
    use crate::addresses::{PostalCode, Region};

    fn area(country: &str, region: &str, prefix: &str) -> Area {
        let given = |raw: &str| (!raw.is_empty()).then(|| raw.to_owned());
        let region = given(region).map(|raw| AreaRegion::parse(&raw).unwrap());
        let prefix = given(prefix).map(|raw| PostalPrefix::parse(&raw).unwrap());
        Area::new(AreaCountry::parse(country).unwrap(), region, prefix).unwrap()
    }

    fn zone(areas: impl Into<Vec<Area>>) -> Zone {
        Zone { id: ZoneId(Uuid::nil()), areas: areas.into() }
    }

    fn place(country: &str, region: Option<&str>, code: Option<&str>) -> Place {
        let region = region.map(|raw| Region::parse(raw).unwrap());
        let code = code.map(|raw| PostalCode::parse(raw).unwrap());
        Place::new(CountryCode::parse(country).unwrap(), region.as_ref(), code.as_ref())
    }

    #[test]
    fn a_closer_area_is_more_specific_r101_r115() {
        let from_wide_to_close = [
            area("*", "", ""),
            area("US", "", ""),
            area("US", "ny", ""),
            area("US", "", "1"),
            area("US", "NY", "1"),
            area("US", "NY", "100"),
        ];
        assert!(from_wide_to_close.is_sorted_by(|a, b| a.specificity() < b.specificity()));
        let here = place("US", Some(" ny "), Some("1 0001"));
        assert!(from_wide_to_close.iter().all(|area| area.covers(&here)));
        let country_only = place("US", None, None);
        assert_eq!(from_wide_to_close.iter().filter(|area| area.covers(&country_only)).count(), 2);
        assert!(!area("US", "NY", "").covers(&place("US", Some("NJ"), None)));
        assert!(!area("US", "", "100").covers(&place("US", None, Some("20001"))));
        assert!(!area("US", "", "").covers(&place("CA", None, None)));
    }

    #[test]
    fn a_zone_is_as_specific_as_its_closest_area_r101() {
        let zone = zone([area("DE", "", "27"), area("DE", "", ""), area("AT", "", "")]);
        assert_eq!(zone.specificity(&place("DE", None, Some("27498"))), Some(area("DE", "", "27").specificity()));
        assert_eq!(zone.specificity(&place("DE", None, Some("10115"))), Some(area("DE", "", "").specificity()));
        assert_eq!(zone.specificity(&place("FR", None, None)), None);
    }

    #[test]
    fn zones_are_rivals_where_they_share_an_area_r103() {
        let (eu, de) = (zone([area("DE", "", ""), area("FR", "", "")]), zone([area("DE", "", "")]));
        assert!(eu.rivals(&de) && de.rivals(&eu) && de.rivals(&de));
        assert!(!de.rivals(&zone([area("DE", "", "27"), area("FR", "", "")])));
    }

    #[test]
    fn every_country_has_no_region_and_no_postal_prefix_r101() {
        let (region, prefix) = (AreaRegion::parse("NY").unwrap(), PostalPrefix::parse("1").unwrap());
        let field = |region, prefix| Area::new(AreaCountry::Every, region, prefix).unwrap_err().0;
        assert_eq!(field(Some(region.clone()), None), "region");
        assert_eq!(field(None, Some(prefix.clone())), "postal_prefix");
        let one = AreaCountry::parse("US").unwrap();
        assert!(Area::new(one, Some(region), Some(prefix)).is_ok());
    }

    #[test]
    fn the_country_of_an_area_is_a_code_or_a_star_r101() {
        assert_eq!(AreaCountry::parse("*").unwrap(), AreaCountry::Every);
        assert_eq!(AreaCountry::parse("DE").unwrap().as_str(), "DE");
        for bad in ["", "de", "XX", "**", "EU"] {
            assert_eq!(AreaCountry::parse(bad).unwrap_err().code, Code::NotAllowed, "{bad}");
        }
    }

    #[test]
    fn regions_and_prefixes_are_kept_as_they_are_compared_and_stay_within_their_length_r101() {
        assert_eq!(AreaRegion::parse(" New York ").unwrap().as_str(), "NEW YORK");
        assert_eq!(PostalPrefix::parse(" sw1 a ").unwrap().as_str(), "SW1A");
        assert_eq!(AreaRegion::parse(&"ß".repeat(50)).unwrap().as_str().len(), 100);
        assert_eq!(AreaRegion::parse(&"ß".repeat(51)).unwrap_err().code, Code::TooLong);
        assert_eq!(PostalPrefix::parse(" ").unwrap_err().code, Code::Blank);
    }

    #[test]
    fn a_prefix_that_no_postal_code_begins_with_is_refused_r101() {
        for (raw, prefix) in [("90", "90"), ("00-9", "00-9"), (" k1a 0b", "K1A0B"), (&"9".repeat(20), &"9".repeat(20))]
        {
            assert_eq!(PostalPrefix::parse(raw).unwrap().as_str(), prefix);
        }
        for bad in ["90*", "90%", "9_", "-90", " -9", "\u{ff19}0", "90.."] {
            assert_eq!(PostalPrefix::parse(bad).unwrap_err().code, Code::Format, "{bad}");
        }
        assert_eq!(PostalPrefix::parse(&"9".repeat(21)).unwrap_err().code, Code::TooLong);
        assert_eq!(PostalPrefix::parse("").unwrap_err().code, Code::Blank);
    }
}
