//! Groups for unit tests.

use domain::attributes::AttributeId;
use domain::groups::{
    Combination, Group, GroupDetails, GroupId, GroupName, GroupPictures, GroupView, Inherits, Member,
};
use domain::pages::PageTexts;
use domain::products::{Product, ProductId};
use domain::slugs::Slug;
use domain::terms::TermId;

use crate::testing::{NOW, id, product};

/// A group whose only option is attribute 8.
pub fn group(n: u128) -> Group {
    let details = GroupDetails {
        name: GroupName::parse("T-shirt").unwrap(),
        slug: Slug::parse("t-shirt").unwrap(),
        description: None,
        options: vec![AttributeId(id(8))],
    };
    Group::new(GroupId(id(n)), details, NOW)
}

/// The product `n` as a member of group 1 that has the term `term`.
pub fn member(n: u128, term: u128) -> (Product, Member) {
    let place = Member {
        product_id: ProductId(id(n)),
        group_id: GroupId(id(1)),
        combination: Combination::new(vec![TermId(id(term))]),
        inherits: Inherits { description: true },
    };
    (product(n), place)
}

/// The group as it is shown without members.
pub fn shown(group: Group) -> GroupView {
    GroupView {
        group,
        page: PageTexts::default(),
        options: Vec::new(),
        attributes: Vec::new(),
        members: Vec::new(),
        pictures: GroupPictures::default(),
    }
}
