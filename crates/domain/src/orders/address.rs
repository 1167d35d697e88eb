use crate::{Code, Invalid, Rule, Ruled};

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
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
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

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub line1: Street,
    /// More of the street address.
    pub line2: Option<Street>,
    /// The city.
    pub city: City,
    /// The state, province or region.
    pub region: Option<Region>,
    /// The postal code.
    pub postal_code: PostalCode,
    /// The country.
    pub country: CountryCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_an_assigned_alpha_2_code_r60() {
        assert_eq!(CountryCode::parse("DE").unwrap().as_str(), "DE");
        for bad in ["", "de", "DEU", "XX", "ZZ", "EU", "UK", "D\0"] {
            assert!(CountryCode::parse(bad).is_err(), "{bad:?}");
        }
    }
}
