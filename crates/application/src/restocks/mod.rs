//! Restocks: units that are on their way.

mod audit;
mod cancel;
mod open;
mod receive;
mod run;

pub use cancel::*;
pub use open::*;
pub use receive::*;
pub use run::*;
