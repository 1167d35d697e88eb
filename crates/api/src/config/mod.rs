//! The configuration. Environment variables override the file, and the file overrides the defaults in the binary.

mod calendar;
mod file;
mod load;
mod meaning;
mod near;
mod network;
mod origin;
mod parse;
mod print;
mod reader;
mod settings;
mod sources;

pub use file::Place;
pub use load::{ConfigError, Effective, load};
pub use network::Network;
pub use origin::AllowedOrigin;
pub use print::{example, print};
pub use reader::{Origin, Shown, Wrong};
pub use settings::*;
pub use sources::Sources;
