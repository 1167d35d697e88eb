use crate::{Code, Invalid};

crate::number::number! {
    /// A number of days: 0 to 365.
    Days, 0, 365
}

/// How long a shipping method takes, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryDays {
    min: Option<Days>,
    max: Option<Days>,
}

impl DeliveryDays {
    /// The fewest and the most days.
    ///
    /// # Errors
    /// Why `max_days` is refused: it is below `min_days`.
    pub fn new(min: Option<Days>, max: Option<Days>) -> Result<Self, Invalid> {
        match (min, max) {
            (Some(min), Some(max)) if max < min => {
                Err(Invalid::new(Code::TooSmall, format!("must not be below min_days, which is {}", min.get())))
            }
            _ => Ok(Self { min, max }),
        }
    }

    /// The fewest days.
    pub const fn min(self) -> Option<Days> {
        self.min
    }

    /// The most days.
    pub const fn max(self) -> Option<Days> {
        self.max
    }

    /// Stored days, which were checked before they were stored.
    pub const fn from_trusted(min: Option<Days>, max: Option<Days>) -> Self {
        Self { min, max }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_takes_0_to_365_days_r102() {
        assert!(Days::parse(0).is_ok() && Days::parse(365).is_ok());
        assert_eq!(Days::parse(-1).unwrap_err().code, Code::TooSmall);
        assert_eq!(Days::parse(366).unwrap_err().code, Code::TooLarge);
    }

    #[test]
    fn the_most_days_are_not_fewer_than_the_fewest_r102() {
        let days = |n| Days::parse(n).ok();
        assert!(DeliveryDays::new(days(2), days(2)).is_ok());
        assert!(DeliveryDays::new(days(2), None).is_ok() && DeliveryDays::new(None, days(0)).is_ok());
        assert_eq!(DeliveryDays::new(days(2), days(1)).unwrap_err().code, Code::TooSmall);
    }
}
