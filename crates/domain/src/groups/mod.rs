//! Product groups: products that differ by size, colour and the like, and stand together. What is bought is a product.

mod combination;
mod group;
mod member;
mod page;
mod ports;
mod shown;
mod sku_pattern;

pub use combination::{Combination, clash, combinations, count_combinations};
pub use group::{Group, GroupChange, GroupDetails, GroupName};
pub use member::{Inherits, Member, member_name};
pub use ports::*;
pub use shown::{GroupCard, GroupFilter, GroupPictures, GroupView, ListedGroup, ShownMember, ShownOption};
pub use sku_pattern::SkuPattern;

use crate::media::{Owner, OwnerKind};
use crate::slugs::{SlugKind, SlugOwner};

crate::id::id! {
    /// The id of a product group.
    GroupId
}

impl From<GroupId> for Owner {
    fn from(id: GroupId) -> Self {
        Self { kind: OwnerKind::Group, id: id.0 }
    }
}

impl From<GroupId> for SlugOwner {
    fn from(id: GroupId) -> Self {
        Self { kind: SlugKind::Group, id: id.0 }
    }
}
