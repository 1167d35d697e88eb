//! Where goods go, or where the buyer is: what zones are matched with.

use crate::addresses::{Address, CountryCode, PostalCode, Region};

/// A place: a country, with region and postal code where they are known.
///
/// Region and postal code are kept as zones compare them: in capitals, the region trimmed, the code without white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    country: CountryCode,
    region: Option<String>,
    postal_code: Option<String>,
}

impl Place {
    /// A place by the parts of its address.
    pub fn new(country: CountryCode, region: Option<&Region>, postal_code: Option<&PostalCode>) -> Self {
        Self {
            country,
            region: region.map(|region| folded(region.as_str())),
            postal_code: postal_code.map(|code| without_blanks(code.as_str())),
        }
    }

    /// An assigned alpha-2 code of ISO 3166-1.
    pub const fn country(&self) -> &CountryCode {
        &self.country
    }

    /// The region in capitals, without white space around it.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The postal code in capitals, without white space.
    pub fn postal_code(&self) -> Option<&str> {
        self.postal_code.as_deref()
    }
}

impl From<&Address> for Place {
    fn from(address: &Address) -> Self {
        Self::new(address.country.clone(), address.region.as_ref(), address.postal_code.as_ref())
    }
}

/// How regions are compared: trimmed, in capitals.
pub(super) fn folded(raw: &str) -> String {
    raw.trim().to_uppercase()
}

/// How postal codes are compared: in capitals, without white space.
pub(super) fn without_blanks(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_keeps_region_and_postal_code_as_they_are_compared_r101() {
        let country = CountryCode::parse("GB").unwrap();
        let (region, code) = (Region::parse(" Île-de-x ").unwrap(), PostalCode::parse("sw1a 1aa").unwrap());
        let place = Place::new(country.clone(), Some(&region), Some(&code));
        assert_eq!((place.region(), place.postal_code()), (Some("ÎLE-DE-X"), Some("SW1A1AA")));
        assert_eq!(place.country().as_str(), "GB");
        let bare = Place::new(country, None, None);
        assert_eq!((bare.region(), bare.postal_code()), (None, None));
    }
}
