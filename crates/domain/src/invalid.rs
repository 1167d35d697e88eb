//! Reasons why a value is refused.

use std::borrow::Cow;

/// Declares the codes, so that none is missing among all.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A stable, machine-readable name for the rule that a value broke.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code in the API.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// A required value is missing or null.
    Required = "required",
    /// The value is of the wrong JSON type.
    WrongType = "wrong_type",
    /// There is no such field.
    UnknownField = "unknown_field",
    /// No visible character.
    Blank = "blank",
    /// Fewer characters, bytes or elements than allowed.
    TooShort = "too_short",
    /// More characters, bytes or elements than allowed.
    TooLong = "too_long",
    /// Below the smallest number allowed.
    TooSmall = "too_small",
    /// Above the largest number allowed.
    TooLarge = "too_large",
    /// Not of the required form.
    Format = "format",
    /// Not one of the values allowed.
    NotAllowed = "not_allowed",
    /// Not the currency of the shop.
    Currency = "currency",
    /// The same element twice in a list.
    Repeated = "repeated",
    /// Refers to something that does not exist.
    NotFound = "not_found",
    /// Given together with another value that excludes it.
    Excluded = "excluded",
}

/// A refused value: the broken rule, and what is allowed.
///
/// It does not contain the value, which may be a secret or very long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// The rule that the value breaks, for programs.
    pub code: Code,
    /// What is allowed, for people. It follows the field in a sentence: "must be …".
    pub message: Cow<'static, str>,
}

impl Invalid {
    /// A refusal for `code`, explained by `message`.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }

    /// The refusal of a number outside `min..=max`; `None` if it is inside.
    pub(crate) fn range(value: i64, min: i64, max: i64) -> Option<Self> {
        let code = match value {
            v if v < min => Code::TooSmall,
            v if v > max => Code::TooLarge,
            _ => return None,
        };
        Some(Self::new(code, format!("must be a whole number from {min} to {max}")))
    }
}
