use super::{Particulars, Product, ProductChange, ProductFault, ProductStatus};
use crate::{Code, Invalid, UtcDateTime};

impl ProductStatus {
    /// What a product has now that is to have this status and is for sale from some time on.
    #[must_use]
    pub fn at(self, from: Option<UtcDateTime>, now: UtcDateTime) -> Self {
        match self {
            Self::Active | Self::Scheduled if from.is_some_and(|from| from > now) => Self::Scheduled,
            Self::Scheduled => Self::Active,
            other => other,
        }
    }
}

/// The fields that a request gives. A refusal names one of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub status: bool,
    pub from: bool,
    pub until: bool,
}

impl Named {
    pub const ALL: Self = Self { status: true, from: true, until: true };

    pub const fn of(change: &ProductChange) -> Self {
        Self {
            status: change.status.is_some(),
            from: change.particulars.available_from.is_some(),
            until: change.particulars.available_until.is_some(),
        }
    }

    pub const fn is_any(self) -> bool {
        self.status || self.from || self.until
    }

    const fn last(self) -> &'static str {
        match self {
            Self { until: true, .. } => "available_until",
            Self { status: true, .. } => "status",
            _ => "available_from",
        }
    }
}

/// Refuses times that leave no time for sale: an end that is over or not after the beginning. Refuses a status that
/// does not go with the times.
pub(super) fn expect_possible(
    status: ProductStatus,
    Particulars { available_from, available_until, .. }: &Particulars,
    named: Named,
    now: UtcDateTime,
) -> Result<(), ProductFault> {
    let fault =
        |field, code, message: &str| Err(ProductFault { field, invalid: Invalid::new(code, message.to_owned()) });
    if available_from.zip(*available_until).is_some_and(|(from, until)| until <= from) {
        let (field, message) = if named.until {
            ("available_until", "must be after available_from")
        } else {
            ("available_from", "must be before available_until, or change that, too")
        };
        return fault(field, Code::NotAllowed, message);
    }
    let after = status.at(*available_from, now);
    if status == ProductStatus::Scheduled && named.status && after != status {
        return fault("status", Code::Required, "needs an available_from in the future");
    }
    if after == ProductStatus::Active && available_until.is_some_and(|until| until <= now) {
        let message = "is over: what is for sale needs an available_until in the future, or none";
        return fault(named.last(), Code::TooSmall, message);
    }
    Ok(())
}

impl Product {
    /// The product as its times want it: for sale from one on, archived from the other on. Unchanged while neither is due.
    #[must_use]
    pub fn on_time(&self, now: UtcDateTime) -> Self {
        let Particulars { available_from, available_until, .. } = self.particulars;
        let is_over = available_until.is_some_and(|until| until <= now);
        let status = match self.status {
            ProductStatus::Active | ProductStatus::Scheduled if is_over => ProductStatus::Archived,
            ProductStatus::Scheduled => ProductStatus::Scheduled.at(available_from, now),
            other => other,
        };
        if status == self.status {
            return self.clone();
        }
        Self { status, updated_at: now, version: self.version.next(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{ParticularsChange, ProductDetails, ProductId, ProductName};
    use super::*;
    use crate::{Price, Uuid, Version};
    use ProductStatus::{Active, Archived, Draft, Scheduled};

    /// So many seconds after the time of all tests, which is 100.
    fn at(second: u64) -> UtcDateTime {
        UtcDateTime::UNIX_EPOCH + Duration::from_secs(second)
    }

    fn details(status: ProductStatus, from: Option<u64>, until: Option<u64>) -> ProductDetails {
        let (available_from, available_until) = (from.map(at), until.map(at));
        let particulars = Particulars { available_from, available_until, ..Particulars::default() };
        let name = ProductName::parse("Mug").unwrap();
        ProductDetails { status, particulars, ..ProductDetails::new(name, Price::from_trusted(1)) }
    }

    fn product(status: ProductStatus, from: Option<u64>, until: Option<u64>) -> Product {
        let made = Product::new(ProductId(Uuid::nil()), details(Archived, from, until), at(0));
        Product { status, ..made }
    }

    #[test]
    fn a_product_for_sale_later_is_scheduled_r216() {
        for (status, from, until, stored) in [
            (Active, None, None, Active),
            (Active, Some(100), None, Active),
            (Active, Some(101), None, Scheduled),
            (Scheduled, Some(101), Some(102), Scheduled),
            (Draft, Some(101), None, Draft),
            (Archived, Some(101), Some(102), Archived),
            (Draft, None, Some(50), Draft),
        ] {
            let details = details(status, from, until);
            details.check(at(100)).unwrap();
            assert_eq!(Product::new(ProductId(Uuid::nil()), details, at(100)).status, stored, "{status:?} {from:?}");
        }
        for (status, from, until, field) in [
            (Active, Some(102), Some(102), "available_until"),
            (Draft, Some(102), Some(101), "available_until"),
            (Active, None, Some(100), "available_until"),
            (Scheduled, Some(100), None, "status"),
            (Scheduled, None, None, "status"),
        ] {
            let fault = details(status, from, until).check(at(100)).unwrap_err();
            assert_eq!(fault.field, field, "{status:?} {from:?} {until:?}");
        }
    }

    #[test]
    fn a_change_of_status_or_times_decides_anew_and_another_one_does_not_r216() {
        // 0 takes a time away.
        let change = |status, from: Option<u64>, until: Option<u64>| {
            let time = |second: u64| (second > 0).then(|| at(second));
            let (from, until) = (from.map(time), until.map(time));
            let particulars =
                ParticularsChange { available_from: from, available_until: until, ..ParticularsChange::default() };
            ProductChange { status, particulars, ..ProductChange::default() }
        };
        for (before, change, after) in [
            (product(Active, None, None), change(None, Some(101), None), Ok(Scheduled)),
            (product(Scheduled, Some(200), None), change(None, Some(100), None), Ok(Active)),
            (product(Scheduled, Some(200), None), change(None, Some(0), None), Ok(Active)),
            (product(Scheduled, Some(200), None), change(Some(Active), None, None), Ok(Scheduled)),
            (product(Draft, Some(200), None), change(Some(Active), None, None), Ok(Scheduled)),
            (product(Draft, None, Some(50)), change(Some(Active), None, None), Err("status")),
            (product(Active, None, Some(200)), change(None, None, Some(100)), Err("available_until")),
            (product(Scheduled, Some(150), Some(200)), change(None, Some(201), None), Err("available_from")),
            (product(Archived, None, Some(50)), change(Some(Active), None, Some(0)), Ok(Active)),
            // It is due, and the server moves it.
            (product(Scheduled, Some(50), None), change(None, None, None), Ok(Scheduled)),
            (product(Active, None, Some(50)), change(None, None, None), Ok(Active)),
        ] {
            let checked = before.check(&change, at(100)).map_err(|fault| fault.field);
            let found = checked.map(|()| before.changed(&change, at(100)).status);
            assert_eq!(found, after, "{before:?} {change:?}");
        }
    }

    #[test]
    fn a_product_moves_when_its_time_has_come_r216() {
        for (before, after) in [
            (product(Scheduled, Some(100), None), Active),
            (product(Scheduled, Some(101), None), Scheduled),
            (product(Scheduled, Some(50), Some(100)), Archived),
            (product(Active, None, Some(100)), Archived),
            (product(Active, None, Some(101)), Active),
            (product(Draft, Some(50), Some(100)), Draft),
            (product(Archived, Some(50), None), Archived),
        ] {
            let moved = before.on_time(at(100));
            assert_eq!(moved.status, after, "{before:?}");
            let is_moved = before.status != after;
            assert_eq!(moved.version, if is_moved { Version(2) } else { Version::FIRST });
            assert_eq!(moved.on_time(at(100)), moved);
        }
    }
}
