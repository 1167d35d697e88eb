//! The rules of all texts.

use crate::{Code, Invalid, Lines};

/// Checks that `raw` holds `min` to `max` characters (Unicode scalar values) and no control character, and trims it.
///
/// It is checked before it is trimmed, so that a schema can express the rule by lengths and a regular expression.
pub fn bounded(raw: &str, min: usize, max: usize, lines: Lines) -> Result<String, Invalid> {
    let text = raw.trim();
    if text.is_empty() && min > 0 {
        return Err(Invalid::new(Code::Blank, format!("must have {min} to {max} characters and not be blank")));
    }
    // Counting is only needed if the bytes exceed the limit.
    if raw.len() > max && raw.chars().count() > max {
        return Err(Invalid::new(Code::TooLong, format!("must have at most {max} characters")));
    }
    if raw.len() < min.saturating_mul(4) && raw.chars().count() < min {
        return Err(Invalid::new(Code::TooShort, format!("must have at least {min} characters")));
    }
    if raw.chars().any(|c| c.is_control() && !(lines == Lines::Many && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(Invalid::new(Code::Format, "must not contain control characters"));
    }
    Ok(text.to_owned())
}

/// Declares a newtype over a [`bounded`] text.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $min:expr, $max:expr, $lines:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The fewest characters allowed.
            pub const MIN: usize = $min;
            /// The most characters allowed.
            pub const MAX: usize = $max;

            /// Parses a text and trims white space at both ends.
            ///
            /// # Errors
            /// If it is blank, too short or too long, or has control characters.
            pub fn parse(raw: &str) -> Result<Self, $crate::Invalid> {
                $crate::text::bounded(raw, $min, $max, $crate::Lines::$lines).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A stored value, which was parsed before it was stored. It is not checked again.
            pub fn from_trusted(stored: String) -> Self {
                Self(stored)
            }
        }

        impl $crate::Ruled for $name {
            fn rule() -> $crate::Rule {
                $crate::Rule::Text { min: Self::MIN, max: Self::MAX, lines: $crate::Lines::$lines }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use text;

#[cfg(test)]
mod tests {
    use super::*;

    fn code(raw: &str) -> Code {
        bounded(raw, 2, 4, Lines::One).unwrap_err().code
    }

    #[test]
    fn the_length_of_a_text_counts_characters_before_trimming() {
        assert_eq!(bounded(" äöü", 2, 4, Lines::One).unwrap(), "äöü");
        assert_eq!(code(" äöü "), Code::TooLong);
        assert_eq!(code("äöüßa"), Code::TooLong);
        assert_eq!(code("ä"), Code::TooShort);
        assert_eq!(code(" \u{a0}\t"), Code::Blank);
    }

    #[test]
    fn control_characters_are_refused_but_a_note_may_have_lines() {
        assert_eq!(code("a\0b"), Code::Format);
        assert_eq!(code("a\nb"), Code::Format);
        assert_eq!(code("a\n"), Code::Format);
        assert_eq!(bounded("a\n\tb", 0, 9, Lines::Many).unwrap(), "a\n\tb");
        assert_eq!(bounded("a\u{1b}b", 0, 9, Lines::Many).unwrap_err().code, Code::Format);
    }
}
