//! Reasons why a value is refused.

use std::borrow::Cow;

/// A stable, machine-readable name for the rule that a value broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A required value is missing or null.
    Required,
    /// The value is of the wrong JSON type.
    WrongType,
    /// There is no such field.
    UnknownField,
    /// Only white space.
    Blank,
    /// Fewer characters, bytes or elements than allowed.
    TooShort,
    /// More characters, bytes or elements than allowed.
    TooLong,
    /// Below the smallest number allowed.
    TooSmall,
    /// Above the largest number allowed.
    TooLarge,
    /// Not of the required form.
    Format,
    /// Not one of the values allowed.
    NotAllowed,
    /// Not the currency of the shop.
    Currency,
    /// The same element twice in a list.
    Repeated,
    /// Refers to something that does not exist.
    NotFound,
    /// Given together with another value that excludes it.
    Excluded,
}

impl Code {
    /// The code in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::WrongType => "wrong_type",
            Self::UnknownField => "unknown_field",
            Self::Blank => "blank",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::Format => "format",
            Self::NotAllowed => "not_allowed",
            Self::Currency => "currency",
            Self::Repeated => "repeated",
            Self::NotFound => "not_found",
            Self::Excluded => "excluded",
        }
    }
}

/// A refused value: the broken rule, and what is allowed.
///
/// It does not contain the value, which may be a secret or very long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// The rule.
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
