//! What orders owe: columns that came later than the table.

use crate::column::AddColumn;

// When the order had to be paid as it was placed: cash on delivery changes that for as long as nobody chooses another way.
// NULL in rows from before.
pub const ORDER_BALANCES_PLACED_TERMS: AddColumn = AddColumn {
    migration: "m0214_order_balances_placed_terms",
    table: "order_balances",
    column: "placed_terms",
    definition: "{text(12)} NULL",
};
