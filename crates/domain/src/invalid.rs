//! Why a value is refused.

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
    /// Nothing but white space.
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
    /// Another currency than the shop's.
    Currency,
    /// The same thing twice in one list.
    Repeated,
    /// Refers to something that is not there.
    NotFound,
}

impl Code {
    /// The code as it stands in an answer.
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
        }
    }
}

/// A refused value: the rule that it broke and a sentence that says what is allowed.
///
/// It never quotes the value, which may be a secret or a megabyte long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// The rule.
    pub code: Code,
    /// What is allowed, for people.
    pub message: Cow<'static, str>,
}

impl Invalid {
    /// A refusal for `code`, explained by `message`.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }

    /// Refuses a number outside `min..=max`; `None` if it is inside.
    pub(crate) fn range(value: i64, min: i64, max: i64) -> Option<Self> {
        let code = match value {
            v if v < min => Code::TooSmall,
            v if v > max => Code::TooLarge,
            _ => return None,
        };
        Some(Self::new(code, format!("must be a whole number from {min} to {max}")))
    }
}
