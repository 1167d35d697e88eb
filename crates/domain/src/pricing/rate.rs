//! Tax rates and the days on which they hold.

use super::allocate::PPM;
use crate::code::code;
use crate::tax_classes::TaxClassCode;
use crate::{Code, Date, Invalid, Rule, Ruled};

code! {
    /// The code of a tax rate, which stands on invoices.
    TaxCode
}

crate::text::text! {
    /// The name of a tax rate: 1 to 100 characters.
    TaxName, 1, 100, One
}

crate::id::id! {
    /// The id of a dated tax rate.
    TaxRateId
}

crate::number::number! {
    /// A rate in parts per million: 0 to 1 000 000, where 190 000 is 19 %.
    RatePpm, 0, PPM
}

impl RatePpm {
    /// No tax.
    pub const ZERO: Self = Self(0);

    /// In percent, with as many decimals as it has: `8.25`.
    pub fn in_percent(self) -> String {
        let (whole, part) = (self.get() / 10_000, format!("{:04}", self.get() % 10_000));
        let part = part.trim_end_matches('0');
        if part.is_empty() { whole.to_string() } else { format!("{whole}.{part}") }
    }
}

/// Why an item bears the tax that it bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Treatment {
    /// At a rate above 0.
    Standard,
    /// At the rate 0.
    Zero,
    /// Exempt from tax.
    Exempt,
    /// The buyer owes the tax.
    ReverseCharge,
    /// At the rate 0, since the goods are exported.
    Export,
    /// No rate holds for it.
    None,
}

impl Treatment {
    /// The treatments that a rate of 0 may have.
    pub const OF_ZERO: [Self; 3] = [Self::Zero, Self::Exempt, Self::Export];
    /// The treatments that a rate may have.
    pub const OF_RATES: [Self; 4] = [Self::Standard, Self::Zero, Self::Exempt, Self::Export];

    /// Parses the treatment of a rate.
    ///
    /// # Errors
    /// If no rate has it.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::OF_RATES.into_iter().find(|treatment| treatment.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: standard, zero, exempt, export"))
    }

    /// Checks that it fits a rate.
    ///
    /// # Errors
    /// Why it does not.
    pub fn check(self, ppm: RatePpm) -> Result<(), Invalid> {
        let is_zero = ppm == RatePpm::ZERO;
        if is_zero && !Self::OF_ZERO.contains(&self) {
            return Err(Invalid::new(Code::Excluded, "must be zero, exempt or export, as rate_ppm is 0"));
        }
        if !is_zero && self != Self::Standard {
            return Err(Invalid::new(Code::Excluded, "must be standard or not given, as rate_ppm is above 0"));
        }
        Ok(())
    }

    /// Every treatment.
    pub const ALL: [Self; 6] =
        [Self::Standard, Self::Zero, Self::Exempt, Self::ReverseCharge, Self::Export, Self::None];

    /// Parses any treatment.
    ///
    /// # Errors
    /// If there is no such treatment.
    pub fn parse_any(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|treatment| treatment.as_str() == raw);
        found.ok_or_else(|| {
            Invalid::new(Code::NotAllowed, "must be one of: standard, zero, exempt, reverse_charge, export, none")
        })
    }

    /// The name in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Zero => "zero",
            Self::Exempt => "exempt",
            Self::ReverseCharge => "reverse_charge",
            Self::Export => "export",
            Self::None => "none",
        }
    }
}

/// The treatments that a rate may have.
impl Ruled for Treatment {
    fn rule() -> Rule {
        Rule::one_of(&Self::OF_RATES, Self::as_str)
    }
}

/// A tax rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Names the rate on invoices: 1 to 32 letters, digits, dots, dashes and underscores.
    pub code: TaxCode,
    /// The name for people: 1 to 100 characters.
    pub name: TaxName,
    /// How much.
    pub ppm: RatePpm,
    /// Whether shipping bears it too, with the goods that do.
    pub applies_to_shipping: bool,
    treatment: Treatment,
}

impl Rate {
    /// A rate. The treatment says why it is 0, by default [`Treatment::Zero`]; a rate above 0 has none but
    /// [`Treatment::Standard`].
    ///
    /// # Errors
    /// Why the treatment does not fit the rate.
    pub fn new(
        code: TaxCode,
        name: TaxName,
        ppm: RatePpm,
        applies_to_shipping: bool,
        treatment: Option<Treatment>,
    ) -> Result<Self, Invalid> {
        let usual = if ppm == RatePpm::ZERO { Treatment::Zero } else { Treatment::Standard };
        let treatment = treatment.unwrap_or(usual);
        treatment.check(ppm)?;
        Ok(Self { code, name, ppm, applies_to_shipping, treatment })
    }

    /// Why it is as it is.
    pub const fn treatment(&self) -> Treatment {
        self.treatment
    }

    /// Whether both are one rate on an invoice, and so rounded together: by code, rate and treatment.
    pub(super) fn taxes_as(&self, other: &Self) -> bool {
        (&self.code, self.ppm, self.treatment) == (&other.code, other.ppm, other.treatment)
    }
}

/// A rate of a zone for a tax class, from a day on. It is never edited: what was taxed stays explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRate {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: TaxRateId,
    /// The class of the products that bear it.
    pub class: TaxClassCode,
    /// Code and name of the tax, and how much it is.
    pub rate: Rate,
    /// The first day.
    pub starts_on: Date,
    /// The last day, if it is known.
    pub ends_on: Option<Date>,
}

impl DatedRate {
    /// Checks that the last day is not before the first.
    ///
    /// # Errors
    /// Why `ends_on` is refused.
    pub fn check_days(starts_on: Date, ends_on: Option<Date>) -> Result<(), Invalid> {
        if ends_on.is_some_and(|last| last < starts_on) {
            return Err(Invalid::new(Code::TooSmall, "must not be before starts_on"));
        }
        Ok(())
    }

    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }

    /// Whether both hold on some day.
    pub fn meets(&self, other: &Self) -> bool {
        let starts_within = |one: &Self, other: &Self| other.ends_on.is_none_or(|last| one.starts_on <= last);
        starts_within(self, other) && starts_within(other, self)
    }

    /// The rate with another last day. Only the future may change: the day is after `today`, and the rate has not ended.
    ///
    /// # Errors
    /// Why `ends_on` is refused.
    pub fn ended(&self, ends_on: Date, today: Date) -> Result<Self, Invalid> {
        if self.ends_on.is_some_and(|last| last < today) {
            return Err(Invalid::new(Code::NotAllowed, "must stay as it is, as the rate has ended"));
        }
        if ends_on <= today {
            return Err(Invalid::new(Code::TooSmall, format!("must be after today, {today}")));
        }
        Self::check_days(self.starts_on, Some(ends_on))?;
        Ok(Self { ends_on: Some(ends_on), ..self.clone() })
    }

    /// Whether it may be deleted: nothing was taxed by it before its first day.
    pub fn is_deletable(&self, today: Date) -> bool {
        today < self.starts_on
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::Uuid;

    #[test]
    fn a_rate_is_written_in_percent_with_as_many_decimals_as_it_has_r138_r245() {
        let of = |ppm| RatePpm::from_trusted(ppm).in_percent();
        assert_eq!([190_000, 82_500, 1, 0, 1_000_000].map(of), ["19", "8.25", "0.0001", "0", "100"]);
    }

    fn rate(ppm: i64, treatment: Option<Treatment>) -> Result<Rate, Invalid> {
        let (code, name) = (TaxCode::parse("X").unwrap(), TaxName::parse("X").unwrap());
        Rate::new(code, name, RatePpm::parse(ppm).unwrap(), true, treatment)
    }

    fn dated(starts_on: Date, ends_on: Option<Date>) -> DatedRate {
        let (id, class) = (TaxRateId(Uuid::nil()), TaxClassCode::default());
        DatedRate { id, class, rate: rate(1, None).unwrap(), starts_on, ends_on }
    }

    #[test]
    fn a_rate_is_0_to_1_000_000_parts_per_million_r103() {
        assert!(RatePpm::parse(0).is_ok() && RatePpm::parse(1_000_000).is_ok());
        assert_eq!(RatePpm::parse(-1).unwrap_err().code, Code::TooSmall);
        assert_eq!(RatePpm::parse(1_000_001).unwrap_err().code, Code::TooLarge);
    }

    #[test]
    fn only_a_rate_of_0_says_why_it_is_0_r103() {
        assert_eq!(rate(0, None).unwrap().treatment(), Treatment::Zero);
        assert_eq!(rate(1, None).unwrap().treatment(), Treatment::Standard);
        for treatment in Treatment::OF_ZERO {
            assert_eq!(rate(0, Some(treatment)).unwrap().treatment(), treatment);
            assert!(rate(1, Some(treatment)).is_err());
        }
        for treatment in [Treatment::Standard, Treatment::ReverseCharge, Treatment::None] {
            assert!(rate(0, Some(treatment)).is_err());
        }
        assert!(rate(1, Some(Treatment::Standard)).is_ok());
    }

    #[test]
    fn a_rate_holds_from_its_first_to_its_last_day_r103() {
        let rate = dated(date!(2020 - 07 - 01), Some(date!(2020 - 12 - 31)));
        let days = [date!(2020 - 06 - 30), date!(2020 - 07 - 01), date!(2020 - 12 - 31), date!(2021 - 01 - 01)];
        assert_eq!(days.map(|day| rate.holds_on(day)), [false, true, true, false]);
        assert!(dated(date!(2020 - 07 - 01), None).holds_on(date!(9999 - 12 - 31)));
        assert!(DatedRate::check_days(date!(2020 - 07 - 01), Some(date!(2020 - 07 - 01))).is_ok());
        assert!(DatedRate::check_days(date!(2020 - 07 - 01), Some(date!(2020 - 06 - 30))).is_err());
    }

    #[test]
    fn rates_meet_where_they_share_a_day_r103() {
        let first = dated(date!(2020 - 01 - 01), Some(date!(2020 - 06 - 30)));
        let next = dated(date!(2020 - 07 - 01), None);
        let last_day = dated(date!(2020 - 06 - 30), Some(date!(2020 - 06 - 30)));
        assert!(!first.meets(&next) && !next.meets(&first));
        assert!(first.meets(&last_day) && last_day.meets(&first) && !last_day.meets(&next));
        assert!(next.meets(&next));
    }

    #[test]
    fn only_the_future_of_a_rate_may_change_r103() {
        let (today, tomorrow) = (date!(2026 - 11 - 28), date!(2026 - 11 - 29));
        let open = dated(date!(2020 - 01 - 01), None);
        assert_eq!(open.ended(tomorrow, today).unwrap().ends_on, Some(tomorrow));
        assert_eq!(open.ended(today, today).unwrap_err().code, Code::TooSmall);
        let ended = dated(date!(2020 - 01 - 01), Some(date!(2026 - 11 - 27)));
        assert_eq!(ended.ended(tomorrow, today).unwrap_err().code, Code::NotAllowed);
        assert!(dated(date!(2020 - 01 - 01), Some(today)).ended(tomorrow, today).is_ok());
        let coming = dated(date!(2027 - 01 - 01), None);
        assert!(coming.ended(tomorrow, today).is_err() && coming.is_deletable(today));
        assert!(!dated(today, None).is_deletable(today));
    }
}
