//! Restocks: units that are on their way.

mod audit;
mod cancel;
mod receive;
mod run;

pub use cancel::*;
pub use receive::*;
pub use run::*;
