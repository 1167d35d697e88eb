//! Product groups: making them, changing them and their members, and taking them apart.

mod add;
mod assign;
mod audit;
mod create;
mod delete;
mod known;
mod make;
mod members;
mod remove;
#[cfg(test)]
pub(crate) mod testing;
mod update;
mod values;

pub use add::*;
pub use assign::*;
pub use create::*;
pub use delete::*;
pub use make::{MadeProduct, MakeProduct};
pub use members::{NewMember, NewProduct};
pub use remove::*;
pub use update::*;
pub use values::{OptionInput, Values};
