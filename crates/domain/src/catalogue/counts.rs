use super::Bucket;
use crate::attributes::AttributeId;
use crate::products::ProductFilter;
use crate::terms::TermId;

/// What is asked about a list of products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which products are in the list. With [`ProductFilter::is_collapsed`], product groups are counted in place of their
    /// members.
    pub filter: ProductFilter,
    /// The facets wanted. Each is counted without its own condition in the filter, and with all others.
    pub facets: Vec<Facet>,
}

/// What is to be counted of the products that a list finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facet {
    /// How many products have each term of a choice.
    Terms(AttributeId),
    /// How many products have any of the terms of each of these sets: of categories with all that is below them.
    Trees(AttributeId, Vec<Vec<TermId>>),
    /// How the numbers of an attribute are spread.
    Numbers(AttributeId),
    /// How many products have `true` and `false` of an attribute.
    Flag(AttributeId),
    /// How prices are spread, in minor units.
    Price,
    /// How many products are in stock, and how many are not.
    InStock,
}

impl Facet {
    /// The attribute that it is about.
    pub fn attribute(&self) -> Option<AttributeId> {
        match self {
            Self::Terms(id) | Self::Trees(id, _) | Self::Numbers(id) | Self::Flag(id) => Some(*id),
            Self::Price | Self::InStock => None,
        }
    }
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// How many products, or groups, the list has.
    pub total: u64,
    /// The facets, in the order of the question.
    pub facets: Vec<CountedFacet>,
}

/// The counts of one [`Facet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountedFacet {
    /// Of [`Facet::Terms`]: the terms that any product has, in no order.
    Terms(Vec<(TermId, u64)>),
    /// Of [`Facet::Trees`]: a count for each set.
    Trees(Vec<u64>),
    /// Of [`Facet::Numbers`] and [`Facet::Price`]; `None` if no product has a number.
    Numbers(Option<Counted>),
    /// Of [`Facet::Flag`] and [`Facet::InStock`].
    Flag {
        /// How many have `true`.
        yes: u64,
        /// How many have `false`.
        no: u64,
    },
}

/// How numbers are spread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The smallest number.
    pub min: i64,
    /// The largest number.
    pub max: i64,
    /// How many are in each range, from the lowest to the highest.
    pub buckets: Vec<Bucket>,
}
