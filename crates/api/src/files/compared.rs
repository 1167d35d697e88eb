//! Whether a product is already what a line says.

use application::imports::{AttributeCell, Item};
use domain::assignments::{ShownAttribute, ShownValue};
use domain::imports::{WholeProduct, listed, path};
use domain::pages::PageTextsChange;
use domain::products::ProductChange;
use domain::terms::CategoryTree;
use domain::{UtcDateTime, sort_key};

use super::known::Known;

/// Whether anything of a known product would change, its place in a group included.
pub(super) fn is_changed(item: &Item, there: &WholeProduct, known: &Known, now: UtcDateTime) -> bool {
    // Which pictures there will be is known once they are fetched.
    if item.media.is_some() {
        return true;
    }
    let description = item.page.described(item.change.description.clone());
    let inherits = there.member.as_ref().is_some_and(|member| member.inherits.description);
    // An empty description of a member is that of its group.
    let stays =
        inherits && description.as_ref().is_some_and(|text| text.as_ref().is_none_or(|text| text.as_str().is_empty()));
    let change = ProductChange { description: description.filter(|_| !stays), ..item.change.clone() };
    if there.product.changed(&change, now) != there.product || there.page.changed(&item.page) != there.page {
        return true;
    }
    let own = |cell: &AttributeCell| !has(&there.attributes, cell, known.categories(), false);
    if item.attributes.iter().any(own) {
        return true;
    }
    let Some(place) = &item.place else { return false };
    let Some(group) = known.groups.get(&place.slug) else { return true };
    let is_member = there.member.as_ref().is_some_and(|member| member.group_id == group.group.id);
    let option = |cell: &AttributeCell| !has(&there.attributes, cell, known.categories(), false);
    !is_member || place.options.iter().any(option)
}

/// Whether a line would change the fields of an existing group.
pub(super) fn is_group_changed(item: &Item, known: &Known) -> bool {
    let Some(place) = &item.place else { return false };
    let Some(there) = known.groups.get(&place.slug) else { return false };
    if place.media.is_some() {
        return true;
    }
    let described = place.page.described(place.description.clone());
    let is_named = place.name.as_ref().is_some_and(|name| *name != there.group.name);
    let is_described = described.is_some_and(|text| text != there.group.description);
    is_named
        || is_described
        || place.page != PageTextsChange::default() && there.page.changed(&place.page) != there.page
        || place.attributes.iter().any(|cell| !has(&there.attributes, cell, known.categories(), true))
}

/// Whether the product or group already has what the cell says.
fn has(shown: &[ShownAttribute], cell: &AttributeCell, categories: &CategoryTree, of_group: bool) -> bool {
    let found = shown.iter().find(|one| one.code == cell.code && (of_group || !one.is_inherited));
    let Some(found) = found else { return cell.text.is_empty() };
    match &found.value {
        ShownValue::Value(value) => value.to_string() == cell.text,
        ShownValue::Terms(terms) => {
            let wanted = match listed(&cell.text) {
                all if terms.len() > 1 || all.len() > 1 => all,
                _ => vec![cell.text.clone()],
            };
            let is = |term: &domain::assignments::ShownTerm, name: &String| {
                let steps = path(name);
                let above = categories.ancestors(term.id);
                let names = above.iter().map(|node| node.name.as_str()).chain([term.name.as_str()]);
                let is_path = names.map(sort_key).eq(steps.iter().map(|step| sort_key(step)));
                is_path
                    || above.is_empty() && sort_key(term.name.as_str()) == sort_key(name.trim())
                    || term.slug.as_str() == name
            };
            wanted.len() == terms.len() && terms.iter().zip(&wanted).all(|(term, name)| is(term, name))
        }
    }
}
