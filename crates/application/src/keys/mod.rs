//! API keys: making, renaming, rotating and ending them.

mod audit;
mod create;
mod delete;
mod known;
mod ports;
mod rotate;
mod update;
mod used;

pub use create::*;
pub use delete::*;
pub use ports::*;
pub use rotate::*;
pub use update::*;
pub use used::*;
