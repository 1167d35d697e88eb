use crate::{Code, Invalid, Rule, Ruled};

/// Whether a shipping method is offered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MethodStatus {
    /// It is offered.
    #[default]
    Active,
    /// It is not offered.
    Inactive,
}

impl MethodStatus {
    /// All statuses.
    pub const ALL: [Self; 2] = [Self::Active, Self::Inactive];

    /// The name of the status in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }

    /// Parses a status.
    ///
    /// # Errors
    /// If there is no such status.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: active, inactive"))
    }
}

impl Ruled for MethodStatus {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}
