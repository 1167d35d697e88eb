use super::RestockId;
use crate::products::ProductId;
use crate::stock::Stock;
use crate::{Code, Invalid, Rule, Ruled, UtcDateTime, Version};

/// How far a restock has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RestockStatus {
    /// Ordered, not here yet. A product has at most one.
    Open,
    /// Here, and in stock.
    Received,
    /// Called off.
    Cancelled,
}

impl RestockStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Open, Self::Received, Self::Cancelled];

    /// The status as it stands in requests, answers and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Received => "received",
            Self::Cancelled => "cancelled",
        }
    }

    /// Parses a status.
    ///
    /// # Errors
    /// If there is no such status.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: open, received, cancelled"))
    }
}

/// Units of a product that are on their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restock {
    /// The id.
    pub id: RestockId,
    /// The product.
    pub product_id: ProductId,
    /// The units.
    pub quantity: i64,
    /// How far it has come.
    pub status: RestockStatus,
    /// When it was opened.
    pub opened_at: UtcDateTime,
    /// When it was received or cancelled.
    pub closed_at: Option<UtcDateTime>,
    /// The version.
    pub version: Version,
}

impl Restock {
    /// A restock that fills `stock` up to its target.
    pub const fn filling(id: RestockId, stock: &Stock, now: UtcDateTime) -> Self {
        Self {
            id,
            product_id: stock.product_id,
            quantity: stock.restock_target - stock.on_hand,
            status: RestockStatus::Open,
            opened_at: now,
            closed_at: None,
            version: Version::FIRST,
        }
    }

    /// The restock after it came to its end.
    #[must_use]
    pub fn closed(&self, status: RestockStatus, now: UtcDateTime) -> Self {
        Self { status, closed_at: Some(now), version: self.version.next(), ..self.clone() }
    }
}

impl Ruled for RestockStatus {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}
