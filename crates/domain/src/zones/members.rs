use std::collections::HashSet;

use crate::pricing::{Area, AreaRegion, PostalPrefix};
use crate::{Code, Invalid};

/// The most areas of a zone.
pub const MAX_MEMBERS: usize = 500;

/// The most characters of the list of areas as the audit log shows it.
const MAX_TEXT: usize = 12_000;

/// The areas of a zone: 1 to [`MAX_MEMBERS`] different ones, sorted by country, region and prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members(Vec<Area>);

/// Why a list of areas is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembersError {
    /// There are too few or too many.
    Count(Invalid),
    /// The areas at these indexes come earlier in the list too.
    Repeated(Vec<usize>, Invalid),
}

impl Members {
    /// Parses areas in any order.
    ///
    /// # Errors
    /// If the list is empty or too long, or has an area twice. It is also too long if the areas with two characters
    /// between them have more than 12,000 characters, which only very long regions have.
    pub fn parse(areas: Vec<Area>) -> Result<Self, MembersError> {
        let count = |code| {
            let message = format!("must have 1 to {MAX_MEMBERS} areas");
            Err(MembersError::Count(Invalid::new(code, message)))
        };
        match areas.len() {
            0 => return count(Code::TooShort),
            n if n > MAX_MEMBERS => return count(Code::TooLong),
            _ => {}
        }
        let mut seen = HashSet::new();
        let repeated: Vec<_> =
            areas.iter().enumerate().filter_map(|(place, area)| (!seen.insert(parts(area))).then_some(place)).collect();
        if !repeated.is_empty() {
            let invalid = Invalid::new(Code::Repeated, "must not be in the list twice; case and blanks do not count");
            return Err(MembersError::Repeated(repeated, invalid));
        }
        let members = Self::from_trusted(areas);
        if members.to_string().chars().count() > MAX_TEXT {
            let message = format!("must have at most {MAX_TEXT} characters in all areas together");
            return Err(MembersError::Count(Invalid::new(Code::TooLong, message)));
        }
        Ok(members)
    }

    /// The areas, sorted.
    pub fn as_slice(&self) -> &[Area] {
        &self.0
    }

    /// Stored areas, which were parsed before they were stored. They are sorted, and not checked again.
    pub fn from_trusted(mut stored: Vec<Area>) -> Self {
        stored.sort_by(|a, b| parts(a).cmp(&parts(b)));
        Self(stored)
    }
}

/// Country (`*` for every one), region and postal prefix of an area. What is not given is empty. Areas with the same
/// parts are the same.
pub fn parts(area: &Area) -> (&str, &str, &str) {
    let region = area.region().map_or("", AreaRegion::as_str);
    (area.country().as_str(), region, area.postal_prefix().map_or("", PostalPrefix::as_str))
}

impl std::fmt::Display for Members {
    /// The areas with commas between them, and a star after each prefix: `AT, DE, US CA 902*`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, area) in self.0.iter().enumerate() {
            let (country, region, prefix) = parts(area);
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{country}")?;
            if !region.is_empty() {
                write!(f, " {region}")?;
            }
            if !prefix.is_empty() {
                write!(f, " {prefix}*")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::zone::tests::area;
    use super::*;

    #[test]
    fn members_are_1_to_500_different_areas_in_order_r101() {
        let parse =
            |areas: &[(&str, &str, &str)]| Members::parse(areas.iter().map(|(c, r, p)| area(c, r, p)).collect());
        let members = parse(&[("US", "OR", ""), ("DE", "", ""), ("US", "CA", "9"), ("*", "", "")]).unwrap();
        assert_eq!(members.to_string(), "*, DE, US CA 9*, US OR");
        assert!(matches!(parse(&[]), Err(MembersError::Count(invalid)) if invalid.code == Code::TooShort));
        let repeated = parse(&[("US", "ca", "9 0"), ("US", " CA", "90"), ("US", "CA", ""), ("US", "cA", "90 ")]);
        assert!(matches!(repeated, Err(MembersError::Repeated(places, _)) if places == [1, 3]));
        let many = |count: usize| Members::parse((0..count).map(|n| area("US", "", &n.to_string())).collect());
        assert!(many(MAX_MEMBERS).is_ok());
        assert!(matches!(many(MAX_MEMBERS + 1), Err(MembersError::Count(invalid)) if invalid.code == Code::TooLong));
        let long = |count: usize| Members::parse((0..count).map(|n| area("US", &format!("{n:0>100}"), "")).collect());
        assert!(long(114).is_ok());
        assert!(matches!(long(115), Err(MembersError::Count(invalid)) if invalid.code == Code::TooLong));
    }
}
