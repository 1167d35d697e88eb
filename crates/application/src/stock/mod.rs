//! Stock: adjusting it and setting restock policies.

mod adjust;
mod audit;
mod lock;
mod open_due;
mod save;
mod set_policy;

pub use adjust::*;
pub(crate) use lock::*;
pub(crate) use open_due::open_due;
pub(crate) use save::*;
pub use set_policy::*;
