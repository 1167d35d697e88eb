//! Assignments: giving products terms and values.

mod assign;
mod audit;
mod meant;

pub(crate) use assign::assign_new;
pub use assign::*;
