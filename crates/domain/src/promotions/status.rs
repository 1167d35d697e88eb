use crate::{Code, Invalid, Rule, Ruled};

/// The status of a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PromotionStatus {
    /// Being prepared: it applies to nothing, and all of it may change.
    Draft,
    /// It applies from its start to its end.
    Active,
    /// It applies to nothing for now.
    Paused,
    /// Over for good.
    Archived,
}

impl PromotionStatus {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Active, Self::Paused, Self::Archived];

    /// The name of the status in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Archived => "archived",
        }
    }

    /// Parses a status.
    ///
    /// # Errors
    /// If there is no such status.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: draft, active, paused, archived"))
    }

    /// The statuses that may follow.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft | Self::Paused => &[Self::Active, Self::Archived],
            Self::Active => &[Self::Paused, Self::Archived],
            Self::Archived => &[],
        }
    }
}

impl Ruled for PromotionStatus {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}
