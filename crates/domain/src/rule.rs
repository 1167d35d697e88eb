//! Which values a type accepts, in a form that the API document is made of, so that it says what the parsers do.

use crate::{Date, UtcDateTime, Uuid};

/// Which control characters a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// None: a name, a code.
    One,
    /// Line breaks and tabs: a description, a note.
    Many,
}

/// Which values a type takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// A text of `min` to `max` characters that, unless `min` is 0, are not all white space.
    Text {
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
        /// The control characters that it may hold.
        lines: Lines,
    },
    /// A text that a regular expression describes.
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
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
        /// One in between that is not taken.
        except: Option<i64>,
    },
    /// A UUID in its usual form.
    Id,
    /// A day.
    Day,
    /// A point in time.
    Time,
    /// True or false.
    Boolean,
}

impl Rule {
    /// Any whole number from `min` to `max`.
    pub const fn integer(min: i64, max: i64) -> Self {
        Self::Integer { min, max, except: None }
    }

    /// One of the words that `word` makes of `all`.
    pub fn one_of<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Self {
        Self::OneOf(all.iter().copied().map(word).collect())
    }
}

/// A type that can say which values it takes.
pub trait Ruled {
    /// Which.
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

/// A text that may turn out to say nothing is still read by the same rule.
impl<T: Ruled> Ruled for Option<T> {
    fn rule() -> Rule {
        T::rule()
    }
}
