//! Orders: placing, editing, advancing and cancelling them.

mod advance;
mod audit;
mod cancel;
mod correct_tracking;
mod edit;
mod give_numbers;
mod place;
mod text;

pub use advance::*;
pub(crate) use cancel::cancel_order;
pub use cancel::*;
pub use correct_tracking::*;
pub use edit::*;
pub use give_numbers::*;
pub use place::*;
pub(crate) use text::expect_takes_text;
