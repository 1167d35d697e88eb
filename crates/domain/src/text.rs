//! The rules of all texts.

use std::borrow::Cow;

use crate::unicode::{composed, is_gap, is_ignorable, is_visible};
use crate::{Code, Invalid, Lines};

/// Checks that `raw` holds `min` to `max` characters (Unicode scalar values) and no control character. The result is
/// trimmed and in Unicode NFC, so that what looks the same is the same.
///
/// It is checked before it is trimmed, so that a schema can express the rule by lengths and a regular expression. What
/// counts is the length in NFC.
pub fn bounded(raw: &str, min: usize, max: usize, lines: Lines) -> Result<String, Invalid> {
    let text = composed(raw);
    if min > 0 && !text.contains(is_visible) {
        return Err(Invalid::new(Code::Blank, format!("must have {min} to {max} characters and not be blank")));
    }
    // Counting is only needed if the bytes exceed the limit.
    if text.len() > max && text.chars().count() > max {
        return Err(Invalid::new(Code::TooLong, format!("must have at most {max} characters")));
    }
    if text.len() < min.saturating_mul(4) && text.chars().count() < min {
        return Err(Invalid::new(Code::TooShort, format!("must have at least {min} characters")));
    }
    if text.chars().any(|c| c.is_control() && !(lines == Lines::Many && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(Invalid::new(Code::Format, "must not contain control characters"));
    }
    Ok(text.trim().to_owned())
}

/// A code as it looks: without what cannot be seen, and with the same blank for every gap.
pub fn as_it_looks(raw: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii() || !is_gap(c) && !is_ignorable(c);
    if raw.chars().all(plain) {
        return raw.into();
    }
    let shown = raw.chars().filter(|c| is_gap(*c) || !is_ignorable(*c));
    shown.map(|c| if !c.is_ascii() && is_gap(c) { ' ' } else { c }).collect()
}

/// Declares a newtype over a [`bounded`] text. What is declared as a `code` is kept [as it looks](as_it_looks).
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $min:expr, $max:expr, $lines:ident) => {
        $crate::text::text!(@from std::borrow::Cow::Borrowed, $(#[$doc])* $name, $min, $max, $lines);
    };
    ($(#[$doc:meta])* code $name:ident, $min:expr, $max:expr, $lines:ident) => {
        $crate::text::text!(@from $crate::text::as_it_looks, $(#[$doc])* $name, $min, $max, $lines);
    };
    (@from $prepare:expr, $(#[$doc:meta])* $name:ident, $min:expr, $max:expr, $lines:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The fewest characters allowed.
            pub const MIN: usize = $min;
            /// The most characters allowed.
            pub const MAX: usize = $max;

            /// Parses a text, puts it into Unicode NFC and trims white space at both ends.
            ///
            /// # Errors
            /// If it is blank, too short or too long, or has control characters.
            pub fn parse(raw: &str) -> Result<Self, $crate::Invalid> {
                let raw: std::borrow::Cow<'_, str> = $prepare(raw);
                $crate::text::bounded(&raw, $min, $max, $crate::Lines::$lines).map(Self)
            }

            /// The text as it was parsed: in Unicode NFC, without white space at either end.
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

    #[test]
    fn a_text_is_kept_in_one_spelling_and_its_length_is_that_of_what_is_kept() {
        assert_eq!(bounded("Mu\u{308}sli", 1, 5, Lines::One).unwrap(), "M\u{fc}sli");
        assert_eq!(bounded("\u{212b}\u{1e9b}\u{323}", 1, 9, Lines::One).unwrap(), "\u{c5}\u{1e9b}\u{323}");
        assert_eq!(bounded("\u{1112}\u{1161}\u{11ab}", 1, 1, Lines::One).unwrap(), "한");
        // One of the few characters that NFC takes apart.
        assert_eq!(bounded("\u{958}", 1, 2, Lines::One).unwrap(), "\u{915}\u{93c}");
        assert_eq!(bounded("\u{958}", 1, 1, Lines::One).unwrap_err().code, Code::TooLong);
    }

    #[test]
    fn a_text_without_a_visible_character_is_blank() {
        for blank in ["", " ", "\u{200b}", "\u{ad} \u{feff}", "\u{2800}\u{3164}", "\u{200d}\u{fe0f}", "\u{e0020}"] {
            assert_eq!(bounded(blank, 1, 9, Lines::Many).unwrap_err().code, Code::Blank, "{blank:?}");
            assert!(bounded(blank, 0, 9, Lines::Many).is_ok(), "{blank:?}");
        }
        for shown in ["a", "\u{200b}a", "\u{301}", "🏳\u{fe0f}\u{200d}🌈"] {
            assert_eq!(bounded(shown, 1, 9, Lines::One).unwrap(), shown, "{shown:?}");
        }
    }

    #[test]
    fn a_code_is_kept_as_it_looks() {
        for same in ["AB 1", "A\u{200b}B 1", "\u{feff}AB\u{a0}1", "A\u{ad}B\u{2800}1\u{2060}", " AB\u{3000}1 "] {
            assert_eq!(bounded(&as_it_looks(same), 1, 9, Lines::One).unwrap(), "AB 1", "{same:?}");
        }
        assert!(bounded(&as_it_looks("A\tB"), 1, 9, Lines::One).is_err(), "a control character is refused");
        assert_eq!(bounded(&as_it_looks("\u{200b}"), 1, 9, Lines::One).unwrap_err().code, Code::Blank);
    }
}
