//! Products: creating, changing and deleting them.

mod audit;
mod batch;
mod create;
mod delete;
mod each;
mod facets;
mod prices;
mod revise;
mod schedule;
mod suggest;
mod update;

pub(crate) use audit::of_page;
pub use batch::{ProductKey, ProductUpdate, UpdateProducts};
pub use create::*;
pub use delete::*;
pub use each::{EachOutcome, update_each};
pub use facets::{
    FacetChoice, FacetValue, FacetValues, ListFacet, MOST_FACETS, MOST_FILTERS, OF_ATTRIBUTE, filter_name, sought_terms,
};
pub(crate) use prices::refused;
pub use revise::*;
pub use schedule::*;
pub use suggest::suggestion;
pub use update::*;
