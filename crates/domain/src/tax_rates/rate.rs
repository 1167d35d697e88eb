use crate::pricing::{DatedRate, Rate, TaxRateId, ZoneId};
use crate::tax_classes::TaxClassCode;
use crate::{Date, Invalid, UtcDateTime, Version};

/// A tax rate of a zone. Nothing of it changes but its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRate {
    /// The zone in which it holds.
    pub zone_id: ZoneId,
    /// The rate, its class and its days.
    pub dated: DatedRate,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new tax rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRateDetails {
    /// The zone in which it holds.
    pub zone_id: ZoneId,
    /// The tax class that this rate applies to.
    pub class: TaxClassCode,
    /// Code and name of the tax, and how much it is.
    pub rate: Rate,
    /// The first day on which it holds, on the calendar of the shop.
    pub starts_on: Date,
    /// The last day, if it is known; not before the first.
    pub ends_on: Option<Date>,
}

impl TaxRate {
    /// A new tax rate, at its first version, created at `now`.
    pub fn new(id: TaxRateId, details: TaxRateDetails, now: UtcDateTime) -> Self {
        let TaxRateDetails { zone_id, class, rate, starts_on, ends_on } = details;
        let dated = DatedRate { id, class, rate, starts_on, ends_on };
        Self { zone_id, dated, created_at: now, updated_at: now, version: Version::FIRST }
    }

    /// The rate with another last day, unchanged if it is the same or `None` is given.
    ///
    /// # Errors
    /// Why `ends_on` is refused, as [`DatedRate::ended`] says.
    pub fn ended(&self, ends_on: Option<Date>, today: Date, now: UtcDateTime) -> Result<Self, Invalid> {
        match ends_on.filter(|day| self.dated.ends_on != Some(*day)) {
            None => Ok(self.clone()),
            Some(day) => {
                let dated = self.dated.ended(day, today)?;
                Ok(Self { dated, updated_at: now, version: self.version.next(), ..self.clone() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::pricing::{RatePpm, TaxCode, TaxName};
    use crate::{Code, Uuid};

    #[test]
    fn only_another_last_day_in_the_future_is_a_change_r103() {
        let (code, name) = (TaxCode::parse("DE19").unwrap(), TaxName::parse("USt. 19 %").unwrap());
        let rate = Rate::new(code, name, RatePpm::parse(190_000).unwrap(), true, None).unwrap();
        let (zone_id, class) = (ZoneId(Uuid::from_u128(1)), TaxClassCode::default());
        let details = TaxRateDetails { zone_id, class, rate, starts_on: date!(2007 - 01 - 01), ends_on: None };
        let before = TaxRate::new(TaxRateId(Uuid::from_u128(2)), details, UtcDateTime::UNIX_EPOCH);
        let (today, last) = (date!(2026 - 11 - 28), date!(2026 - 12 - 31));
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let after = before.ended(Some(last), today, later).unwrap();
        assert_eq!((after.dated.ends_on, after.version, after.updated_at), (Some(last), Version(2), later));
        assert_eq!(after.ended(Some(last), date!(2027 - 05 - 01), later).unwrap(), after);
        assert_eq!(before.ended(None, today, later).unwrap(), before);
        assert_eq!(before.ended(Some(today), today, later).unwrap_err().code, Code::TooSmall);
        assert_eq!(
            after.ended(Some(date!(2028 - 01 - 01)), date!(2027 - 05 - 01), later).unwrap_err().code,
            Code::NotAllowed
        );
    }
}
