use crate::products::ProductId;
use crate::{Code, Invalid, Rule, Ruled, UtcDateTime, Uuid};

crate::text::text! {
    /// Why stock was changed by hand: 1 to 500 characters.
    Reason, 1, 500, Many
}

/// What a movement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// The stock that a product began with.
    Initial,
    /// An order took it.
    Sale,
    /// A cancelled order gave it back.
    Cancellation,
    /// Somebody changed it by hand.
    Adjustment,
    /// A restock arrived.
    Restock,
}

impl MovementKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Initial, Self::Sale, Self::Cancellation, Self::Adjustment, Self::Restock];

    /// The kind as it stands in answers and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Sale => "sale",
            Self::Cancellation => "cancellation",
            Self::Adjustment => "adjustment",
            Self::Restock => "restock",
        }
    }

    /// Parses a kind.
    ///
    /// # Errors
    /// If there is no such kind.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == raw);
        found.ok_or_else(|| {
            Invalid::new(Code::NotAllowed, "must be one of: initial, sale, cancellation, adjustment, restock")
        })
    }
}

/// One change of the stock of a product. Movements are only ever added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The product.
    pub product_id: ProductId,
    /// Its place among the movements of the product: the version of the stock that it made.
    pub sequence: i64,
    /// What it comes from.
    pub kind: MovementKind,
    /// Units added, or taken if negative.
    pub quantity: i64,
    /// Units on hand after it.
    pub balance: i64,
    /// The order or restock that it comes from.
    pub reference: Option<Uuid>,
    /// Why, if somebody said so.
    pub reason: Option<Reason>,
    /// When.
    pub at: UtcDateTime,
}

impl Ruled for MovementKind {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}
