use crate::{Code, Invalid, Rule, Ruled};

/// The permissions of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// May do everything.
    Admin,
    /// May shop, and see its own data.
    Customer,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 2] = [Self::Admin, Self::Customer];

    /// The name of the role in the API, in tokens and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Customer => "customer",
        }
    }

    /// Parses a role.
    ///
    /// # Errors
    /// If there is no such role.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: admin, customer"))
    }
}

impl Ruled for Role {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}
