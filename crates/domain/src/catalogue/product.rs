use crate::attributes::AttributeId;
use crate::groups::GroupId;
use crate::products::{ProductId, ProductStatus};
use crate::terms::TermId;

/// A product as facets know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedProduct {
    /// By which changes of the product find what the index knows.
    pub id: ProductId,
    /// Its name, whose words the index knows.
    pub name: String,
    /// Its product group, if it has one.
    pub group_id: Option<GroupId>,
    /// The price in minor units.
    pub price: i64,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// Whether it has units on hand.
    pub in_stock: bool,
    /// Whether it has a price for comparison.
    pub on_sale: bool,
    /// Its terms, with their attributes.
    pub terms: Vec<(AttributeId, TermId)>,
    /// Its numbers, as [`Scalar::number`](crate::attributes::Scalar::number) has them.
    pub numbers: Vec<(AttributeId, i64)>,
}
