//! Stock: how many units of a product are on hand.

mod adjust;
mod audit;
mod lock;
mod save;
mod set_policy;

pub use adjust::*;
pub(crate) use lock::*;
pub(crate) use save::*;
pub use set_policy::*;
