use crate::{Code, Invalid, Rule, Ruled};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything.
    Admin,
    /// Shop, and see what is its own.
    Customer,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Admin, Self::Customer];

    /// The role as it stands in requests, answers, tokens and the database.
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
