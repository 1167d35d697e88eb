//! Assignments: what products have of attributes, their terms and values.

mod assigned;
mod ports;
mod shown;

pub use assigned::{Assigned, Has, TooManyTerms};
pub use ports::*;
pub use shown::{ShownAttribute, ShownTerm, ShownValue};
