//! The macro that declares whole numbers.

/// Declares a whole number within bounds.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $min:expr, $max:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The smallest number allowed.
            pub const MIN: i64 = $min;
            /// The largest number allowed.
            pub const MAX: i64 = $max;

            /// Parses a number.
            ///
            /// # Errors
            /// If it is out of bounds.
            pub fn parse(raw: i64) -> Result<Self, $crate::Invalid> {
                $crate::Invalid::range(raw, Self::MIN, Self::MAX).map_or(Ok(Self(raw)), Err)
            }

            /// The number, from [`Self::MIN`] to [`Self::MAX`].
            pub const fn get(self) -> i64 {
                self.0
            }

            /// A stored value, which was parsed before it was stored. It is not checked again.
            pub const fn from_trusted(stored: i64) -> Self {
                Self(stored)
            }
        }

        impl $crate::Ruled for $name {
            fn rule() -> $crate::Rule {
                $crate::Rule::integer(Self::MIN, Self::MAX)
            }
        }
    };
}

pub(crate) use number;
