//! Names of products, product groups and collections in addresses. One that was given up still leads to who had it.

mod ports;

pub use ports::*;

use crate::collections::{Collection, CollectionId};
use crate::groups::{Group, GroupId};
use crate::products::{Product, ProductId};
use crate::{UniqueKey, Uuid};

/// What has slugs of its own: the same may be that of a product and of a product group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlugKind {
    /// Products.
    Product,
    /// Product groups.
    Group,
    /// Collections.
    Collection,
}

/// Who has a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlugOwner {
    /// What it is.
    pub kind: SlugKind,
    /// Its id.
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

    /// What nobody else may have.
    pub const fn unique_key(self) -> UniqueKey {
        match self {
            Self::Product => Product::UNIQUE_SLUG,
            Self::Group => Group::UNIQUE_SLUG,
            Self::Collection => Collection::UNIQUE_SLUG,
        }
    }
}

impl From<ProductId> for SlugOwner {
    fn from(id: ProductId) -> Self {
        Self { kind: SlugKind::Product, id: id.0 }
    }
}

impl From<GroupId> for SlugOwner {
    fn from(id: GroupId) -> Self {
        Self { kind: SlugKind::Group, id: id.0 }
    }
}

impl From<CollectionId> for SlugOwner {
    fn from(id: CollectionId) -> Self {
        Self { kind: SlugKind::Collection, id: id.0 }
    }
}
