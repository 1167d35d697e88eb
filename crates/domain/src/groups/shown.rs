use std::collections::HashMap;

use super::{Group, GroupId, GroupName};
use crate::assignments::{ShownAttribute, ShownTerm};
use crate::attributes::{AttributeCode, AttributeId, AttributeName};
use crate::media::Shown;
use crate::pages::PageTexts;
use crate::products::{ProductId, ProductName, ProductStatus, Sku};
use crate::slugs::Slug;
use crate::terms::TermId;
use crate::{Price, SearchText};

/// A group with all that its page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    /// Its name, slug, description and version.
    pub group: Group,
    /// What its page says besides.
    pub page: PageTexts,
    /// Its options, in order, with the terms that the members have.
    pub options: Vec<ShownOption>,
    /// What it has of attributes, in order of the attributes' positions.
    pub attributes: Vec<ShownAttribute>,
    /// The members that the caller may see, in order of the places of their terms.
    pub members: Vec<ShownMember>,
    /// Its pictures and those of the members, as far as they were asked for.
    pub pictures: GroupPictures,
}

/// The pictures of a group and of its members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupPictures {
    /// Those of the group in order.
    pub shown: Vec<Shown>,
    /// The first picture of each member that has any, itself or from the group.
    pub of_members: HashMap<ProductId, Shown>,
}

/// An attribute by which the members of a group differ, with the terms that they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownOption {
    /// The id of the attribute.
    pub id: AttributeId,
    /// The name of the attribute in requests, such as `size`.
    pub code: AttributeCode,
    /// The name of the attribute for people.
    pub name: AttributeName,
    /// Whether only staff see it.
    pub is_internal: bool,
    /// The terms that members have, in order of their places.
    pub terms: Vec<ShownTerm>,
}

/// What the page of a group says of one of its products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownMember {
    /// The id of the product, by which carts and orders name it.
    pub id: ProductId,
    /// Its SKU, if it has one.
    pub sku: Option<Sku>,
    /// The name of the product, not that of the group.
    pub name: ProductName,
    /// Its name in addresses, if it has one already.
    pub slug: Option<Slug>,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// The price of one unit.
    pub price: Price,
    /// What it cost before, if it is reduced.
    pub compare_at_price: Option<Price>,
    /// Whether at least one unit is on hand.
    pub in_stock: bool,
    /// Its terms, one for each option.
    pub terms: Vec<TermId>,
}

/// What a list says of the group of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCard {
    /// By which the items of the list name the group.
    pub id: GroupId,
    /// The name for people: 1 to 200 characters.
    pub name: GroupName,
    /// Its name in addresses.
    pub slug: Slug,
    /// The least and the greatest price of the members that the caller may see; `None` if there is none.
    pub prices: Option<(Price, Price)>,
    /// How many members the caller may see.
    pub members: u64,
}

/// A group as lists of groups have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedGroup {
    /// Its own fields, without its members.
    pub group: Group,
    /// The summary of its members.
    pub card: GroupCard,
}

/// Which groups a list has. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupFilter {
    /// Only groups whose name has all these words.
    pub search: Option<SearchText>,
    /// Only groups with a member of this status, which alone are counted.
    pub status: Option<ProductStatus>,
}

impl GroupView {
    /// The least and the greatest price of its members.
    pub fn prices(&self) -> Option<(Price, Price)> {
        let prices = || self.members.iter().map(|member| member.price);
        prices().min().zip(prices().max())
    }
}
