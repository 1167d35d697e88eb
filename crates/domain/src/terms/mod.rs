//! Terms: the values of an attribute that is a choice. Categories are terms in a tree.

mod category;
mod condition;
mod filter;
mod key;
mod meant;
mod ports;
mod taxonomy;
mod term;
mod tree;

pub use category::{Category, CategoryPosition, Misplaced};
pub use condition::AttributeCondition;
pub use filter::TermFilter;
pub use key::TermKey;
pub use meant::MeantTerm;
pub use ports::*;
pub use taxonomy::Taxonomy;
pub use term::{SeoDescription, SeoTitle, Term, TermChange, TermChoice, TermDescription, TermDetails, TermName};
pub use tree::{CategoryNode, CategoryTree, Leveled, MAX_DEPTH};

crate::id::id! {
    /// The id of a term.
    TermId
}
