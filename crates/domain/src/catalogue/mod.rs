//! Facets: what a list of products can be narrowed by, and how many products each choice would leave.

mod buckets;
mod counts;
mod ports;
mod product;

pub use buckets::{Bucket, Buckets, MAX_BUCKETS};
pub use counts::{Counted, CountedFacet, Counts, Facet, Question};
pub use ports::{CatalogueCounts, CatalogueQueries, IndexState};
#[cfg(all(feature = "mock", not(test)))]
pub use ports::{MockCatalogueCounts, MockCatalogueQueries};
pub use product::CountedProduct;
