use crate::products::ProductId;
use crate::{Code, Invalid, Rule, Ruled, UtcDateTime, Uuid};

crate::text::text! {
    /// The reason of an adjustment: 1 to 500 characters.
    Reason, 1, 500, Many
}

/// The kind of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// The initial stock of a new product.
    Initial,
    /// Units taken by an order.
    Sale,
    /// Units returned by a cancelled order.
    Cancellation,
    /// A change by hand.
    Adjustment,
    /// Units of a received restock.
    Restock,
}

impl MovementKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Initial, Self::Sale, Self::Cancellation, Self::Adjustment, Self::Restock];

    /// The name of the kind in the API and in the database.
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

/// One change of the stock of a product. Movements are only added, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The product.
    pub product_id: ProductId,
    /// The number of the movement within the product: the version of the stock after it.
    pub sequence: i64,
    /// The kind.
    pub kind: MovementKind,
    /// Units added; negative if taken.
    pub quantity: i64,
    /// Units on hand after it.
    pub balance: i64,
    /// The id of the order or restock, if there is one.
    pub reference: Option<Uuid>,
    /// The reason, if one was given.
    pub reason: Option<Reason>,
    /// Time of the movement.
    pub at: UtcDateTime,
}

impl Ruled for MovementKind {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}
