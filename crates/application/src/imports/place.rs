//! The groups that rows put products into.

use std::collections::HashMap;

use domain::groups::{Group, GroupChange, GroupId, GroupName};
use domain::pages::{PageTexts, PageTextsChange};
use domain::products::ProductId;
use domain::slugs::Slug;
use domain::{Code, Invalid};

use super::apply::new_product;
use super::known_terms::KnownTerms;
use super::{Item, PlaceInGroup};
use crate::groups::{
    AddMember, Adding, AssignToGroup, CreateGroup, NewMember, NewMembers, OptionInput, UpdateGroup, UpdateMember,
};
use crate::{Command, Ctx, Error, Tx};

/// The groups that this transaction has made, by slug, so that later rows find them.
pub(super) type Made = HashMap<Slug, GroupId>;

/// A product that is made as a member.
async fn new_member(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    item: &Item,
    place: &PlaceInGroup,
    terms: &mut KnownTerms,
) -> Result<NewMember, Error> {
    let values = terms.values(tx, ctx, &place.options, &item.defines).await?;
    let product = new_product(tx, ctx, item, terms).await?;
    Ok(NewMember { values, product })
}

/// Makes a group of items that name it, which stand next to each other. Returns their products in the same order.
pub(super) async fn create(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    items: &[&Item],
    terms: &mut KnownTerms,
) -> Result<(GroupId, Vec<ProductId>), Error> {
    let first = items.first().and_then(|item| Some((item, item.place.as_ref()?)));
    let (first, place) = first.ok_or_else(|| Error::NotFound("product group"))?;
    let options = place.options.iter().map(|cell| OptionInput { attribute: cell.code.to_string(), terms: Vec::new() });
    // The attributes are made, if need be, before the group names them.
    terms.values(tx, ctx, &place.options, &first.defines).await?;
    let mut members = Vec::new();
    for item in items.iter().filter(|item| item.known.is_none()) {
        let Some(place) = &item.place else { continue };
        members.push(new_member(tx, ctx, item, place, terms).await?);
    }
    let from = match first.known {
        Some(id) => Some((id, terms.values(tx, ctx, &place.options, &first.defines).await?)),
        None => None,
    };
    let page = PageTexts::default().changed(&place.page);
    let named = || {
        let name = first.change.name.as_ref().map(ToString::to_string);
        GroupName::parse(&name.unwrap_or_else(|| place.slug.to_string())).ok()
    };
    let create = CreateGroup {
        name: place.name.clone().or_else(named),
        slug: Some(place.slug.clone()),
        description: place.description.clone().unwrap_or_else(|| page.described(None)),
        page,
        options: options.collect(),
        members: NewMembers::Products(members),
        from,
    };
    let view = create.run(tx, ctx).await?;
    let id = view.group.id;
    assign(tx, ctx, id, first, place, terms).await?;
    // Those that were made have ids in the order in which they were.
    let mut ids: Vec<_> = view.members.iter().map(|member| member.id).filter(|id| Some(*id) != first.known).collect();
    // Those whose ids the file gives have these.
    let new = || items.iter().filter(|item| item.known.is_none());
    let given: Vec<_> = new().filter_map(|item| item.id).collect();
    if given.len() == new().count() {
        ids = given;
    } else {
        ids.sort_unstable();
    }
    Ok((id, first.known.into_iter().chain(ids).collect()))
}

/// Assigns a group the attributes that all its members share.
async fn assign(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    id: GroupId,
    item: &Item,
    place: &PlaceInGroup,
    terms: &mut KnownTerms,
) -> Result<(), Error> {
    if place.attributes.is_empty() {
        return Ok(());
    }
    let given = terms.given(tx, ctx, &place.attributes, &item.defines).await?;
    AssignToGroup { id, given, expected: None }.run(tx, ctx).await.map(drop)
}

/// Changes a group as an item says, and puts its product into it. Returns the product if it is made.
pub(super) async fn join(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    group_id: GroupId,
    (item, place): (&Item, &PlaceInGroup),
    terms: &mut KnownTerms,
) -> Result<Option<ProductId>, Error> {
    let description = place.page.described(place.description.clone());
    let change = GroupChange { name: place.name.clone(), description, ..GroupChange::default() };
    if change != GroupChange::default() || place.page != PageTextsChange::default() {
        UpdateGroup { page: place.page.clone(), ..UpdateGroup::of(group_id, change) }.run(tx, ctx).await?;
    }
    assign(tx, ctx, group_id, item, place, terms).await?;
    let Some(product_id) = item.known else {
        let member = new_member(tx, ctx, item, place, terms).await?;
        let known: Vec<_> =
            tx.groups().lock_members(group_id).await?.into_iter().map(|(product, _)| product.id).collect();
        let member = Adding::New(Box::new(member));
        let view = AddMember { group_id, member, expected: None }.run(tx, ctx).await?;
        return Ok(view.members.iter().map(|member| member.id).find(|id| !known.contains(id)));
    };
    let values = terms.values(tx, ctx, &place.options, &item.defines).await?;
    match tx.groups().membership(product_id).await? {
        Some(member) if member.group_id == group_id => {
            if !values.is_empty() {
                UpdateMember { group_id, product_id, values, expected: None }.run(tx, ctx).await?;
            }
        }
        Some(_) => {
            let invalid =
                Invalid::new(Code::Excluded, "must be the group that the product is in, or it must leave that first");
            return Err(Error::field("group", invalid));
        }
        None => {
            let member = Adding::Known(product_id, values);
            AddMember { group_id, member, expected: None }.run(tx, ctx).await?;
        }
    }
    Ok(None)
}

/// The group with this slug, if the items made it or it was there.
pub(super) fn known(place: &PlaceInGroup, made: &Made) -> Option<GroupId> {
    place.known.or_else(|| made.get(&place.slug).copied())
}

/// Whether two items name the same group that is to be made, and can be made with it.
pub(super) fn is_next(first: &Item, next: &Item, so_far: usize) -> bool {
    let slug = |item: &Item| item.place.as_ref().map(|place| place.slug.clone());
    next.known.is_none() && slug(first) == slug(next) && so_far < Group::MOST_MEMBERS
}
