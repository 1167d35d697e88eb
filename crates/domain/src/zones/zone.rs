use super::Members;
use crate::pricing::{self, ShippingTax, ZoneId};
use crate::{UniqueKey, UtcDateTime, Version};

crate::text::text! {
    /// The name of a zone: 1 to 100 characters.
    ZoneName, 1, 100, One
}

/// A part of the world that is shipped to and taxed alike: one or more areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: ZoneId,
    /// The name, unique.
    pub name: ZoneName,
    /// The areas.
    pub members: Members,
    /// How shipping is taxed, if not as the shop does everywhere.
    pub shipping_tax: Option<ShippingTax>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneDetails {
    /// The name, unique: 1 to 100 characters.
    pub name: ZoneName,
    /// The areas.
    pub members: Members,
    /// How shipping is taxed, if not as the shop does everywhere.
    pub shipping_tax: Option<ShippingTax>,
}

/// A change of a zone. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZoneChange {
    /// The new name; `None` keeps it.
    pub name: Option<ZoneName>,
    /// The areas, all of them.
    pub members: Option<Members>,
    /// How shipping is taxed; `Some(None)` as the shop does everywhere.
    pub shipping_tax: Option<Option<ShippingTax>>,
}

impl Zone {
    /// No two zones share a name: the field, and what a refusal says of it.
    pub const UNIQUE_NAME: UniqueKey = UniqueKey { field: "name", taken: "belongs to another zone" };

    /// A new zone, at its first version, created at `now`.
    pub fn new(id: ZoneId, details: ZoneDetails, now: UtcDateTime) -> Self {
        let ZoneDetails { name, members, shipping_tax } = details;
        Self { id, name, members, shipping_tax, created_at: now, updated_at: now, version: Version::FIRST }
    }

    /// The zone after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &ZoneChange, now: UtcDateTime) -> Self {
        let ZoneChange { name, members, shipping_tax } = change.clone();
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            members: members.unwrap_or_else(|| self.members.clone()),
            shipping_tax: shipping_tax.unwrap_or_else(|| self.shipping_tax.clone()),
            ..self.clone()
        };
        if after == *self { after } else { Self { updated_at: now, version: self.version.next(), ..after } }
    }
}

/// What places are matched with.
impl From<&Zone> for pricing::Zone {
    fn from(zone: &Zone) -> Self {
        Self { id: zone.id, areas: zone.members.as_slice().to_vec() }
    }
}

#[cfg(test)]
pub(super) mod tests {

    use super::*;
    use crate::Uuid;
    use crate::addresses::CountryCode;
    use crate::pricing::{Area, AreaCountry, AreaRegion, Place, PostalPrefix};

    /// An area; what is empty is not given.
    pub fn area(country: &str, region: &str, prefix: &str) -> Area {
        let region = (!region.is_empty()).then(|| AreaRegion::parse(region).unwrap());
        let prefix = (!prefix.is_empty()).then(|| PostalPrefix::parse(prefix).unwrap());
        Area::new(AreaCountry::parse(country).unwrap(), region, prefix).unwrap()
    }

    pub fn zone(name: &str, areas: &[(&str, &str, &str)]) -> Zone {
        let members = Members::parse(areas.iter().map(|(c, r, p)| area(c, r, p)).collect()).unwrap();
        let details = ZoneDetails { name: ZoneName::parse(name).unwrap(), members, shipping_tax: None };
        Zone::new(ZoneId(Uuid::from_u128(1)), details, UtcDateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_counts_only_if_something_changes_r101() {
        let before = zone("west", &[("US", "CA", "")]);
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let change = ZoneChange { shipping_tax: Some(Some(ShippingTax::Highest)), ..ZoneChange::default() };
        let after = before.changed(&change, later);
        assert_eq!((after.version, after.updated_at), (Version(2), later));
        assert_eq!((&after.name, &after.members), (&before.name, &before.members));
        assert_eq!(after.changed(&ZoneChange::default(), later), after);
        assert_eq!(after.changed(&change, later), after);
        let back = after.changed(&ZoneChange { shipping_tax: Some(None), ..ZoneChange::default() }, later);
        assert_eq!(back.shipping_tax, None);
    }

    #[test]
    fn a_zone_covers_what_its_areas_cover_r101() {
        let west = pricing::Zone::from(&zone("west", &[("US", "ca", ""), ("US", "", "97")]));
        let at = |country| west.specificity(&Place::new(CountryCode::parse(country).unwrap(), None, None));
        assert_eq!((west.id, at("US"), at("DE")), (ZoneId(Uuid::from_u128(1)), None, None));
        assert_eq!(west.areas, [area("US", "", "97"), area("US", "CA", "")]);
    }
}
