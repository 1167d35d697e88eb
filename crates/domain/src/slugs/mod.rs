//! Names of products, product groups and collections in addresses. One that was given up still leads to who had it.

mod ports;
mod slug;

pub use ports::*;
pub use slug::Slug;

use crate::{UniqueKey, Uuid};

/// What has slugs of its own: the same may be that of a product and of a product group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlugKind {
    /// Slugs of products.
    Product,
    /// Slugs of product groups.
    Group,
    /// Slugs of collections.
    Collection,
}

/// What a slug leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlugOwner {
    /// What the id is of.
    pub kind: SlugKind,
    /// The id of the product, group or collection.
    pub id: Uuid,
}

/// Where a slug leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    /// The id of its owner.
    pub id: Uuid,
    /// Whether it is the owner's current one. If not, the owner has another one.
    pub is_current: bool,
}

impl SlugKind {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Group => "group",
            Self::Collection => "collection",
        }
    }

    /// What nobody else may have, not even after it was given up.
    pub const fn unique_key(self) -> UniqueKey {
        let taken = match self {
            Self::Product => "belongs to another product, or did",
            Self::Group => "belongs to another product group, or did",
            Self::Collection => "belongs to another collection, or did",
        };
        UniqueKey { field: "slug", taken }
    }
}
