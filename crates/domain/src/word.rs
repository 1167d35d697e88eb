//! The macro that declares closed sets of words.

/// Declares an enum whose values are words of the API and of the database.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$of])* $value,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$value),+];

            /// The word in the API and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }

            /// Parses a word.
            ///
            /// # Errors
            /// If it is none of them.
            pub fn parse(raw: &str) -> Result<Self, $crate::Invalid> {
                let words = || Self::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
                let found = Self::ALL.iter().copied().find(|one| one.as_str() == raw);
                found.ok_or_else(|| {
                    $crate::Invalid::new($crate::Code::NotAllowed, format!("must be one of: {}", words()))
                })
            }
        }

        impl $crate::Ruled for $name {
            fn rule() -> $crate::Rule {
                $crate::Rule::one_of(Self::ALL, Self::as_str)
            }
        }
    };
}

pub(crate) use words;
