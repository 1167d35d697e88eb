crate::word::words! {
    /// Whether a promotion applies, and what of it may change.
    PromotionStatus {
        /// Being prepared: it applies to nothing, and all of it may change.
        Draft = "draft",
        /// It applies from its start to its end.
        Active = "active",
        /// It applies to nothing for now.
        Paused = "paused",
        /// Over for good.
        Archived = "archived",
    }
}

impl PromotionStatus {
    /// The statuses that may follow.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft | Self::Paused => &[Self::Active, Self::Archived],
            Self::Active => &[Self::Paused, Self::Archived],
            Self::Archived => &[],
        }
    }
}
