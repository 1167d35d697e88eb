//! Reports: what the shop sold, what its stock is worth, and what waits to be done.
//!
//! An order counts when it was placed, unless it is cancelled. What it counts for is its [`Tally`]: the units and the price
//! of its lines, and the discounts on them, without shipping and without what taxes add. A refund counts when the money
//! went back, unless its order is cancelled or did not owe the money. [`SalesReport`] puts both together.

mod breakdown;
mod period;
mod ports;
mod range;
mod sales;
mod shared;
mod stock;
mod tally;
mod to_do;

pub use breakdown::{Breakdown, Group, Interval, Kind};
pub use period::{Period, Span, periods};
pub use ports::*;
pub use range::{BadRange, ReportRange};
pub use sales::{CustomerSales, Sales, SalesReport, SalesRow};
pub use shared::{RefundPart, RefundedOrder};
pub use stock::{StockTotals, StockValue};
pub use tally::{GroupTally, Tally};
pub use to_do::{Outstanding, ToDo};
