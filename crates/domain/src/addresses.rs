//! Postal addresses.

use crate::customers::PhoneNumber;
use crate::{Code, Invalid, Rule, Ruled};

crate::text::text! {
    /// The name of the person who receives the parcel: 1 to 200 characters.
    Recipient, 1, 200, One
}

crate::text::text! {
    /// The company that receives the parcel: 1 to 200 characters.
    Company, 1, 200, One
}

crate::text::text! {
    /// A line of a street address: 1 to 200 characters.
    Street, 1, 200, One
}

crate::text::text! {
    /// A city: 1 to 100 characters.
    City, 1, 100, One
}

crate::text::text! {
    /// A state, province or region: 1 to 100 characters.
    Region, 1, 100, One
}

crate::text::text! {
    /// A postal code: 1 to 20 characters.
    PostalCode, 1, 20, One
}

/// A country: an assigned alpha-2 code of ISO 3166-1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(String);

impl CountryCode {
    /// Parses a code in capital letters, such as `DE`.
    ///
    /// # Errors
    /// If ISO 3166-1 assigns no such code.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let assigned = raw.len() == 2 && rust_iso3166::from_alpha2(raw).is_some_and(|country| country.alpha2 == raw);
        if assigned {
            return Ok(Self(raw.to_owned()));
        }
        Err(Invalid::new(Code::NotAllowed, "must be an assigned ISO 3166-1 alpha-2 code in capitals, such as DE"))
    }

    /// Two capital letters, such as `DE`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an address there needs a postal code. Many countries have none, and others do not ask for it.
    pub fn needs_postal_code(&self) -> bool {
        WITH_POSTAL_CODE.contains(&self.as_str())
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for CountryCode {
    fn rule() -> Rule {
        Rule::one_of(rust_iso3166::ALL, |country| country.alpha2)
    }
}

/// The countries whose addresses need a postal code, as the metadata of libaddressinput has them.
const WITH_POSTAL_CODE: &[&str] = &[
    "AS", "AT", "AU", "AX", "BE", "BL", "BR", "CA", "CH", "CN", "CZ", "DE", "DK", "EE", "ES", "FI", "FK", "FR", "GB",
    "GF", "GG", "GL", "GP", "GR", "GS", "GU", "HR", "HU", "IM", "IN", "IO", "IT", "JE", "JP", "KR", "LI", "LT", "LU",
    "LV", "MF", "MP", "MQ", "MX", "MY", "NC", "NL", "NO", "NZ", "PF", "PH", "PL", "PM", "PN", "PR", "PT", "RE", "RO",
    "RU", "SA", "SE", "SG", "SH", "SJ", "SK", "TC", "TH", "TR", "TW", "UA", "US", "VI", "WF", "YT", "ZA",
];

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Who receives the parcel.
    pub name: Option<Recipient>,
    /// The company that receives it.
    pub company: Option<Company>,
    /// The phone number for the carrier.
    pub phone: Option<PhoneNumber>,
    /// Street and number.
    pub line1: Street,
    /// More of the street address.
    pub line2: Option<Street>,
    /// The city, town or village.
    pub city: City,
    /// The state, province or region.
    pub region: Option<Region>,
    /// The postal code; only where the country [needs none](CountryCode::needs_postal_code) may it be missing.
    pub postal_code: Option<PostalCode>,
    /// Zones, taxes and shipping methods depend on it.
    pub country: CountryCode,
}

impl Address {
    /// The postal code of an address in this country, of which it may have none.
    ///
    /// # Errors
    /// If there is none, and the country needs one.
    pub fn postal_code_in(country: &CountryCode, given: Option<PostalCode>) -> Result<Option<PostalCode>, Invalid> {
        if given.is_none() && country.needs_postal_code() {
            return Err(Invalid::new(Code::Required, format!("is required in {}", country.as_str())));
        }
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postal_code_is_needed_where_the_country_asks_for_one() {
        let code = |country| CountryCode::parse(country).unwrap();
        for country in ["HK", "AE", "IE", "PA", "QA", "AO", "JM", "CO", "BS"] {
            assert_eq!(Address::postal_code_in(&code(country), None), Ok(None), "{country}");
        }
        let given = PostalCode::parse("D02 AF30").ok();
        assert_eq!(Address::postal_code_in(&code("IE"), given.clone()), Ok(given));
        for country in ["DE", "US", "GB", "JP", "BR", "IN", "PR"] {
            let refused = Address::postal_code_in(&code(country), None).unwrap_err();
            assert_eq!(
                (refused.code, refused.message.as_ref()),
                (Code::Required, format!("is required in {country}").as_str())
            );
        }
        assert!(WITH_POSTAL_CODE.iter().all(|country| CountryCode::parse(country).is_ok()));
    }

    #[test]
    fn a_country_is_an_assigned_alpha_2_code_r60() {
        assert_eq!(CountryCode::parse("DE").unwrap().as_str(), "DE");
        for bad in ["", "de", "DEU", "XX", "ZZ", "EU", "UK", "D\0"] {
            assert!(CountryCode::parse(bad).is_err(), "{bad:?}");
        }
    }
}
