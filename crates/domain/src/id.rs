//! The macro that declares identifiers.

use crate::{Ruled, Uuid};

/// An identifier.
pub trait Id: Ruled {
    /// Wraps a UUID.
    fn new(value: Uuid) -> Self;
}

/// Declares an identifier: a `UUIDv7` (RFC 9562) made by the application, never by the database.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// A `UUIDv7` (RFC 9562): sorts by time of creation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $crate::Uuid);

        impl $crate::Ruled for $name {
            fn rule() -> $crate::Rule {
                $crate::Rule::Id
            }
        }

        impl $crate::Id for $name {
            fn new(value: $crate::Uuid) -> Self {
                Self(value)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    };
}

pub(crate) use id;
