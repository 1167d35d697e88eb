use super::RoleName;
use crate::access::{Noun, Scope, Scopes};
use crate::{Code, Invalid, Rule, Ruled};

/// The role of an account: its name says what the account may do. Five are fixed; the others are
/// [custom](crate::roles::CustomRole).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// May do everything.
    Admin,
    /// May shop, and see its own data.
    Customer,
    /// Works on orders.
    Clerk,
    /// Keeps what is for sale.
    Catalogue,
    /// Sees how the shop goes.
    Viewer,
    /// One that the shop has made. What it allows is stored.
    Custom(RoleName),
}

impl Role {
    /// The roles that every shop has.
    pub const FIXED: [Self; 5] = [Self::Admin, Self::Customer, Self::Clerk, Self::Catalogue, Self::Viewer];

    /// Whether it is for those who run the shop, and not for those who buy.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Customer)
    }

    /// The name of the role in the API, in tokens and in the database.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Custom(name) => name.as_str(),
            fixed => fixed.fixed_name().unwrap_or_default(),
        }
    }

    const fn fixed_name(&self) -> Option<&'static str> {
        match self {
            Self::Admin => Some("admin"),
            Self::Customer => Some("customer"),
            Self::Clerk => Some("clerk"),
            Self::Catalogue => Some("catalogue"),
            Self::Viewer => Some("viewer"),
            Self::Custom(_) => None,
        }
    }

    /// What a fixed role allows; `None` for a custom one. That of a fixed one never changes, but for scopes that come
    /// later.
    pub fn fixed_scopes(self) -> Option<Scopes> {
        use Noun::{Accounts, Audit, Customers, Keys, Orders, Payments, Products, Promotions, Reports, Returns, Stock};
        use Scope::{Read, Write};
        let of = |scopes: &[Scope]| scopes.iter().copied().collect();
        match self {
            Self::Admin => Some(Scopes::EVERYTHING),
            Self::Customer => Some(Scopes::NONE),
            Self::Clerk => Some(of(&[
                Write(Orders),
                Write(Returns),
                Write(Stock),
                Write(Customers),
                Read(Payments),
                Read(Products),
                Read(Promotions),
                Read(Reports),
            ])),
            Self::Catalogue => Some(of(&[Write(Products), Write(Stock), Write(Promotions)])),
            Self::Viewer => {
                let seen = Noun::ALL.iter().filter(|noun| !matches!(noun, Accounts | Keys | Audit));
                Some(seen.map(|noun| Read(*noun)).collect())
            }
            Self::Custom(_) => None,
        }
    }

    /// Whether an account with the role may have a customer, or none: customers have one, staff need none, and
    /// administrators may have one.
    ///
    /// # Errors
    /// If it may not.
    pub fn expect_customer(self, has_one: bool) -> Result<(), Invalid> {
        match (self, has_one) {
            (Self::Customer, false) => Err(Invalid::new(Code::Required, "is required for the role customer")),
            (Self::Customer | Self::Admin, _) | (_, false) => Ok(()),
            (_, true) => Err(Invalid::new(Code::NotAllowed, "must be left out for a role of staff")),
        }
    }

    /// Parses the name of a role. Whether there is a custom role of this name is for the store to say.
    ///
    /// # Errors
    /// If no role can have the name.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let fixed = Self::FIXED.into_iter().find(|role| role.fixed_name() == Some(raw));
        fixed.map_or_else(|| RoleName::parse(raw).map(Self::Custom), Ok)
    }
}

impl Ruled for Role {
    fn rule() -> Rule {
        RoleName::rule()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_roles_have_the_scopes_that_are_documented_r255() {
        let scopes = |role: Role| role.fixed_scopes().unwrap().to_string();
        assert_eq!(
            scopes(Role::Clerk),
            "products:read stock:write orders:write returns:write payments:read customers:write promotions:read reports:read"
        );
        assert_eq!(scopes(Role::Catalogue), "products:write stock:write promotions:write");
        assert_eq!(
            scopes(Role::Viewer),
            "products:read stock:read orders:read returns:read payments:read customers:read promotions:read \
             shipping:read reports:read webhooks:read settings:read"
        );
        assert_eq!(scopes(Role::Customer), "");
        assert_eq!(Role::Admin.fixed_scopes(), Some(Scopes::EVERYTHING));
    }

    #[test]
    fn a_name_is_that_of_a_fixed_role_or_of_a_custom_one_r255_r256() {
        for role in Role::FIXED {
            assert_eq!(Role::parse(role.as_str()).unwrap(), role);
        }
        let custom = Role::parse("night-shift_2").unwrap();
        assert!(matches!(custom, Role::Custom(_)) && custom.fixed_scopes().is_none());
        assert_eq!(custom.as_str(), "night-shift_2");
        assert!(Role::parse("Admin").is_err());
    }
}
