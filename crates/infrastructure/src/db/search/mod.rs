//! Lists and searches of products: their order, their words, and the index that serves them.

mod catalogue_rows;
mod collapse;
mod product_list;
mod product_order;
mod product_page;
mod product_pins;
mod product_reductions;
mod product_sample;
mod product_search;
mod product_terms;
mod product_tiers;
mod renewal;
mod tokens;

pub(super) use product_page::page;
pub(super) use product_sample::Samples;
pub(super) use renewal::Renewal;
