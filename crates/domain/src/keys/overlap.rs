use std::time::Duration;

use crate::{Code, Invalid, Rule, Ruled};

/// How long the previous secret still works after a rotation: hours such as `24h`, at most 720 of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap(Duration);

impl Overlap {
    const MOST_HOURS: u64 = 720;

    /// Parses hours.
    ///
    /// # Errors
    /// If it has another form, or is too long.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let digits = raw.strip_suffix('h').filter(|digits| (1..=3).contains(&digits.len()));
        let hours = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let hours = hours.and_then(|digits| digits.parse().ok()).filter(|hours| *hours <= Self::MOST_HOURS);
        let hours: u64 =
            hours.ok_or_else(|| Invalid::new(Code::Format, "must be hours such as 24h, from 0h to 720h"))?;
        Ok(Self(Duration::from_hours(hours)))
    }

    /// How long both secrets work.
    pub const fn get(self) -> Duration {
        self.0
    }
}

/// 24 hours.
impl Default for Overlap {
    fn default() -> Self {
        Self(Duration::from_hours(24))
    }
}

impl Ruled for Overlap {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^([0-6]?[0-9]{1,2}|7[01][0-9]|720)h$", min: 2, max: 4 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlap_is_0_to_720_hours_r258() {
        assert_eq!(Overlap::parse("24h").unwrap(), Overlap::default());
        assert_eq!(Overlap::parse("0h").unwrap().get(), Duration::ZERO);
        assert_eq!(Overlap::parse("720h").unwrap().get(), Duration::from_hours(720));
        for bad in ["", "h", "24", "721h", "-1h", "+1h", "1d", "0024h", "1.5h"] {
            assert!(Overlap::parse(bad).is_err(), "{bad}");
        }
    }
}
