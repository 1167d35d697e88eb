//! Assignments: giving products terms and values.

mod assign;
mod audit;
mod meant;

pub use assign::*;
pub(crate) use assign::{assign_new, expect_no_option, too_many_terms, with_breadcrumbs};
pub(crate) use audit::Shown;
pub(crate) use meant::Request;
