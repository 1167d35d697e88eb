//! The values that a type accepts, as data. The API document is generated from it, so that it matches the parsers.

use crate::{Date, UtcDateTime, Uuid};

/// The control characters that a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// None, for a text of one line: a name, a code.
    One,
    /// Line breaks and tabs, for a text of many lines: a description, a note.
    Many,
}

/// The values that a type accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// A text of `min` to `max` characters, one of which, unless `min` is 0, is visible.
    Text {
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
        /// The control characters that it may have.
        lines: Lines,
    },
    /// A text that matches a regular expression.
    Pattern {
        /// The expression.
        pattern: &'static str,
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
    },
    /// An email address of at most `max` bytes.
    Email {
        /// The most bytes.
        max: usize,
    },
    /// A secret of `min` to `max` bytes.
    Secret {
        /// The fewest bytes.
        min: usize,
        /// The most bytes.
        max: usize,
    },
    /// One of these words.
    OneOf(Vec<&'static str>),
    /// A whole number.
    Integer {
        /// The smallest number.
        min: i64,
        /// The largest number.
        max: i64,
        /// A number in between that is not accepted.
        except: Option<i64>,
    },
    /// A UUID in hyphenated form.
    Id,
    /// A day of ISO 8601.
    Day,
    /// A time of RFC 3339.
    Time,
    /// True or false.
    Boolean,
}

impl Rule {
    /// Any whole number from `min` to `max`.
    pub const fn integer(min: i64, max: i64) -> Self {
        Self::Integer { min, max, except: None }
    }

    /// One of the names of `all`, as `word` returns them.
    pub fn one_of<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Self {
        Self::OneOf(all.iter().copied().map(word).collect())
    }
}

/// A type with a rule for its values.
pub trait Ruled {
    /// Which values the parser accepts.
    fn rule() -> Rule;
}

macro_rules! ruled {
    ($($type:ty => $rule:ident),*) => {$(
        impl Ruled for $type {
            fn rule() -> Rule {
                Rule::$rule
            }
        }
    )*};
}

ruled!(Uuid => Id, Date => Day, UtcDateTime => Time, bool => Boolean);

/// An optional value follows the rule of the value.
impl<T: Ruled> Ruled for Option<T> {
    fn rule() -> Rule {
        T::rule()
    }
}
