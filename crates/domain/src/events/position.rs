use crate::{Code, Invalid, Rule, Ruled};

/// A position in the feed of events: 0 is before the first event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventPosition(i64);

impl EventPosition {
    /// Checks a position.
    ///
    /// # Errors
    /// If it is below 0.
    pub fn parse(raw: i64) -> Result<Self, Invalid> {
        if raw < 0 { Err(Invalid::new(Code::TooSmall, "must be a whole number from 0 on")) } else { Ok(Self(raw)) }
    }

    /// The position as a number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Ruled for EventPosition {
    fn rule() -> Rule {
        Rule::Integer { min: 0, max: i64::MAX, except: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_not_negative_r166_r171() {
        assert_eq!(EventPosition::parse(0).map(EventPosition::get), Ok(0));
        assert_eq!(EventPosition::parse(i64::MAX).map(EventPosition::get), Ok(i64::MAX));
        assert_eq!(EventPosition::parse(-1).unwrap_err().code, Code::TooSmall);
    }
}
