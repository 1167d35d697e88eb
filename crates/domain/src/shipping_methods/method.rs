use super::{Days, DeliveryDays, MethodStatus};
use crate::pricing::{self, Basis, MethodCode, MethodName, Tiers, ZoneId};
use crate::tax_classes::TaxClassCode;
use crate::{Code, Invalid, Price, UniqueKey, UtcDateTime, Version};

crate::id::id! {
    /// The id of a shipping method.
    ShippingMethodId
}

crate::number::number! {
    /// The place of a shipping method among others, the lower first: 0 to 10^6.
    Position, 0, 1_000_000
}

/// 0: before all others.
impl Default for Position {
    fn default() -> Self {
        Self(0)
    }
}

/// A way to ship into a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippingMethod {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: ShippingMethodId,
    /// What it is and what it costs.
    pub details: MethodDetails,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// What a shipping method is and what it costs; the input for a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodDetails {
    /// The code, unique.
    pub code: MethodCode,
    /// The name that buyers read: 1 to 100 characters.
    pub name: MethodName,
    /// Where it ships to.
    pub zone_id: ZoneId,
    /// Whether it is offered.
    pub status: MethodStatus,
    /// Its place among others.
    pub position: Position,
    /// What its cost depends on.
    pub basis: Basis,
    /// What it costs.
    pub tiers: Tiers,
    /// The goods after discounts from which on it is free.
    pub free_from: Option<Price>,
    /// The class whose rates it bears, if not those of the goods.
    pub tax_class: Option<TaxClassCode>,
    /// How long it takes.
    pub days: DeliveryDays,
}

/// A change of a shipping method. `None` keeps the value, `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodChange {
    /// The new code; `None` keeps it.
    pub code: Option<MethodCode>,
    /// The new name; `None` keeps it.
    pub name: Option<MethodName>,
    /// Where it ships to.
    pub zone_id: Option<ZoneId>,
    /// Whether it is offered.
    pub status: Option<MethodStatus>,
    /// Its place among others.
    pub position: Option<Position>,
    /// What its cost depends on.
    pub basis: Option<Basis>,
    /// What it costs: all tiers.
    pub tiers: Option<Tiers>,
    /// The new goods after discounts from which on it is free; `Some(None)` removes it, `None` keeps it.
    pub free_from: Option<Option<Price>>,
    /// The class whose rates it bears, if not those of the goods.
    pub tax_class: Option<Option<TaxClassCode>>,
    /// The new fewest days that it takes; `Some(None)` removes it, `None` keeps it.
    pub min_days: Option<Option<Days>>,
    /// The new most days that it takes; `Some(None)` removes it, `None` keeps it.
    pub max_days: Option<Option<Days>>,
}

impl ShippingMethod {
    /// No two shipping methods share a code: the field, and what a refusal says of it.
    pub const UNIQUE_CODE: UniqueKey = UniqueKey { field: "code", taken: "belongs to another shipping method" };

    /// A new shipping method, at its first version, created at `now`.
    pub fn new(id: ShippingMethodId, details: MethodDetails, now: UtcDateTime) -> Self {
        Self { id, details, created_at: now, updated_at: now, version: Version::FIRST }
    }

    /// The method after a change, unchanged if the change has no effect.
    ///
    /// # Errors
    /// The refused field with the reason: the most days would be fewer than the fewest.
    pub fn changed(&self, change: &MethodChange, now: UtcDateTime) -> Result<Self, (&'static str, Invalid)> {
        let (change, before) = (change.clone(), self.details.clone());
        let min = change.min_days.unwrap_or_else(|| before.days.min());
        let max = change.max_days.unwrap_or_else(|| before.days.max());
        let days = DeliveryDays::new(min, max).map_err(|invalid| match change.max_days {
            Some(_) => ("max_days", invalid),
            None => ("min_days", Invalid::new(Code::TooLarge, "must not be above max_days")),
        })?;
        let details = MethodDetails {
            code: change.code.unwrap_or(before.code),
            name: change.name.unwrap_or(before.name),
            zone_id: change.zone_id.unwrap_or(before.zone_id),
            status: change.status.unwrap_or(before.status),
            position: change.position.unwrap_or(before.position),
            basis: change.basis.unwrap_or(before.basis),
            tiers: change.tiers.unwrap_or(before.tiers),
            free_from: change.free_from.unwrap_or(before.free_from),
            tax_class: change.tax_class.unwrap_or(before.tax_class),
            days,
        };
        if details == self.details {
            return Ok(self.clone());
        }
        Ok(Self { details, updated_at: now, version: self.version.next(), ..self.clone() })
    }
}

/// What costs are worked out with: a method, and the zone that it names.
impl From<(ShippingMethod, pricing::Zone)> for pricing::ShippingMethod {
    fn from((method, zone): (ShippingMethod, pricing::Zone)) -> Self {
        let details = method.details;
        Self {
            code: details.code,
            name: details.name,
            zone,
            position: details.position.get(),
            basis: details.basis,
            tiers: details.tiers,
            free_from: details.free_from,
            tax_class: details.tax_class,
            min_days: details.days.min().map(Days::get),
            max_days: details.days.max().map(Days::get),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;
    use crate::pricing::{Parcel, Tier, Zone};

    fn method() -> ShippingMethod {
        let tier = |from, amount| Tier::new(from, Price::parse(amount).ok(), None, None).unwrap();
        let details = MethodDetails {
            code: MethodCode::parse("dhl").unwrap(),
            name: MethodName::parse("DHL").unwrap(),
            zone_id: ZoneId(Uuid::from_u128(1)),
            status: MethodStatus::Active,
            position: Position::parse(7).unwrap(),
            basis: Basis::Weight,
            tiers: Tiers::parse(vec![tier(0, 490), tier(2000, 690)]).unwrap(),
            free_from: Price::parse(5000).ok(),
            tax_class: None,
            days: DeliveryDays::new(Days::parse(1).ok(), Days::parse(3).ok()).unwrap(),
        };
        ShippingMethod::new(ShippingMethodId(Uuid::from_u128(2)), details, UtcDateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_counts_only_if_something_changes_r102() {
        let before = method();
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let change = MethodChange { free_from: Some(None), max_days: Some(Days::parse(5).ok()), ..Default::default() };
        let after = before.changed(&change, later).unwrap();
        assert_eq!((after.version, after.updated_at, after.details.free_from), (Version(2), later, None));
        assert_eq!((after.details.days.min(), after.details.days.max()), (Days::parse(1).ok(), Days::parse(5).ok()));
        let same = MethodDetails { free_from: before.details.free_from, days: before.details.days, ..after.details };
        assert_eq!(same, before.details);
        assert_eq!(before.changed(&MethodChange::default(), later).unwrap(), before);
    }

    #[test]
    fn the_field_that_a_change_names_is_refused_if_the_days_cross_r102() {
        let refused = |min, max| {
            let change = MethodChange { min_days: min, max_days: max, ..Default::default() };
            method().changed(&change, UtcDateTime::UNIX_EPOCH).unwrap_err().0
        };
        assert_eq!(refused(Some(Days::parse(4).ok()), None), "min_days");
        assert_eq!(refused(None, Some(Days::parse(0).ok())), "max_days");
        assert_eq!(refused(Some(Days::parse(9).ok()), Some(Days::parse(8).ok())), "max_days");
    }

    #[test]
    fn a_method_and_its_zone_cost_what_the_tiers_say_r102_r114() {
        let zone = Zone { id: ZoneId(Uuid::from_u128(1)), areas: Vec::new() };
        let priced = pricing::ShippingMethod::from((method(), zone.clone()));
        assert_eq!((&priced.zone, priced.position, priced.min_days, priced.max_days), (&zone, 7, Some(1), Some(3)));
        let cost = |weight, goods| priced.cost(Parcel { weight, units: 1, goods }).unwrap();
        assert_eq!([cost(1999, 0), cost(2000, 0), cost(2000, 5000)], [Some(490), Some(690), Some(0)]);
    }

    #[test]
    fn the_place_of_a_method_is_0_to_a_million_r102() {
        assert!(Position::parse(0).is_ok() && Position::parse(1_000_000).is_ok());
        assert_eq!(Position::parse(-1).unwrap_err().code, Code::TooSmall);
        assert_eq!(Position::parse(1_000_001).unwrap_err().code, Code::TooLarge);
    }
}
