use std::fmt;

use crate::{Code, Invalid, Rule, Ruled};

macro_rules! nouns {
    ($($(#[$of:meta])* $noun:ident = $word:literal,)+) => {
        /// What a scope is about. Nouns that come later are added at the end.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Noun {
            $($(#[$of])* $noun,)+
        }

        impl Noun {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$noun),+];
        }

        impl Scope {
            /// The word in the API and in the database, such as `orders:write`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(
                        Self::Read(Noun::$noun) => concat!($word, ":read"),
                        Self::Write(Noun::$noun) => concat!($word, ":write"),
                    )+
                }
            }
        }
    };
}

/// Leave to see or to change what a noun is about. Whoever may change it may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// To see what the noun is about.
    Read(Noun),
    /// To see it and to change it.
    Write(Noun),
}

nouns! {
    /// Products and their groups, attributes, categories, pictures and prices.
    Products = "products",
    /// Stock, its movements, and restocks.
    Stock = "stock",
    /// Orders, and where they are.
    Orders = "orders",
    /// Goods that come back.
    Returns = "returns",
    /// Payments, refunds and the ledger.
    Payments = "payments",
    /// Customers: name, email address, phone number, exemption from tax.
    Customers = "customers",
    /// Promotions and their codes.
    Promotions = "promotions",
    /// Zones, shipping methods and taxes.
    Shipping = "shipping",
    /// Reports. Nobody writes them.
    Reports = "reports",
    /// Webhooks, and the feed of events.
    Webhooks = "webhooks",
    /// Accounts and roles.
    Accounts = "accounts",
    /// API keys.
    Keys = "keys",
    /// The audit log. Nobody writes it.
    Audit = "audit",
    /// Settings of the shop.
    Settings = "settings",
}

impl Noun {
    /// Whether nobody changes what it is about, so that there is no scope to write it.
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::Reports | Self::Audit)
    }
}

impl Scope {
    /// All scopes, in the order of the nouns.
    pub fn all() -> impl Iterator<Item = Self> {
        Noun::ALL.iter().flat_map(|noun| {
            let write = (!noun.is_read_only()).then_some(Self::Write(*noun));
            [Self::Read(*noun)].into_iter().chain(write)
        })
    }

    /// Parses a scope.
    ///
    /// # Errors
    /// If there is no such scope. Says which there are.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let words = || Self::all().map(Self::as_str).collect::<Vec<_>>().join(", ");
        let found = Self::all().find(|scope| scope.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, format!("must be one of: {}", words())))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Ruled for Scope {
    fn rule() -> Rule {
        Rule::OneOf(Self::all().map(Self::as_str).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_noun_with_read_or_write_and_what_nobody_writes_has_no_write_r255() {
        assert_eq!(Scope::all().count(), 26);
        for scope in Scope::all() {
            assert_eq!(Scope::parse(scope.as_str()).unwrap(), scope);
        }
        assert_eq!(Scope::parse("orders:write").unwrap(), Scope::Write(Noun::Orders));
        for bad in ["orders", "orders:", "orders:delete", "reports:write", "audit:write", "*", "", "Orders:read"] {
            let refused = Scope::parse(bad).unwrap_err();
            assert!(refused.message.contains("orders:write") && refused.message.contains("settings:write"), "{bad}");
        }
    }
}
