//! The macro that declares short codes.

/// Declares a code of 1 to 32 letters, digits, dots, dashes and underscores of ASCII.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// 1 to 32 letters, digits, dots, dashes and underscores of ASCII. Upper and lower case differ.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters allowed.
            pub const MAX: usize = 32;

            /// Parses a code.
            ///
            /// # Errors
            /// If it is empty, too long, or has other characters.
            pub fn parse(raw: &str) -> Result<Self, $crate::Invalid> {
                let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
                if (1..=Self::MAX).contains(&raw.len()) && raw.bytes().all(fits) {
                    return Ok(Self(raw.to_owned()));
                }
                let message = "must have 1 to 32 letters, digits, dots, dashes or underscores";
                let code = match raw.len() {
                    0 => $crate::Code::TooShort,
                    n if n > Self::MAX => $crate::Code::TooLong,
                    _ => $crate::Code::Format,
                };
                Err($crate::Invalid::new(code, message))
            }

            /// The code with upper and lower case as it was parsed.
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
                $crate::Rule::Pattern { pattern: "^[A-Za-z0-9._-]+$", min: 1, max: Self::MAX }
            }
        }
    };
}

pub(crate) use code;
