use crate::products::ProductId;
use crate::{UtcDateTime, Uuid};

crate::text::text! {
    /// The reason of an adjustment: 1 to 500 characters.
    Reason, 1, 500, Many
}

crate::word::words! {
    /// Why units came or went.
    MovementKind {
        /// The initial stock of a new product.
        Initial = "initial",
        /// Units taken by an order.
        Sale = "sale",
        /// Units returned by a cancelled order.
        Cancellation = "cancellation",
        /// A change by hand.
        Adjustment = "adjustment",
        /// Units of a received restock.
        Restock = "restock",
    }
}

/// One change of the stock of a product. Movements are only added, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The product whose stock changed.
    pub product_id: ProductId,
    /// The number of the movement within the product: the version of the stock after it.
    pub sequence: i64,
    /// What changed it: a sale, a restock and so on.
    pub kind: MovementKind,
    /// Units added; negative if taken.
    pub quantity: i64,
    /// Units on hand after it.
    pub balance: i64,
    /// The id of the order or restock, if there is one.
    pub reference: Option<Uuid>,
    /// The reason, if one was given.
    pub reason: Option<Reason>,
    /// When the units came or went.
    pub at: UtcDateTime,
}
