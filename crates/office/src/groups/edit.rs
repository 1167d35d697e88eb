//! What the products of a group share.

use application::Error;
use application::groups::UpdateGroup;
use domain::groups::{GroupChange, GroupName, GroupView};
use domain::pages::PageTextsChange;
use domain::products::Description;
use domain::terms::{SeoDescription, SeoTitle, Slug};
use maud::{Markup, html};

use super::show::{contents, products};
use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Form, Held};
use crate::page::Answer;
use crate::parts::Field;
use crate::products::batch;
use crate::request::Staff;

/// Changes what the products of a group share.
pub(crate) async fn save(staff: Staff) -> Answer {
    let view = asked(&staff).await?;
    let products = products(&staff, &view).await?;
    let grid = batch::filled(&staff, &products);
    let page = (SECTION, view.group.name.as_str());
    let mut form = staff.form();
    let Some(update) = typed(&mut form, &view) else {
        return Ok(mistyped(&staff, page, &contents(&staff, &view, &products, (&form, &grid))));
    };
    let saved = once(&staff, update).await;
    if matches!(saved, Err(Error::Stale(_))) {
        let now = asked(&staff).await?;
        let held = (now.group.version, held(&now));
        let again = |form: &Form| contents(&staff, &now, &products, (form, &grid));
        return Ok(outdated(&staff, form, (held.0, &held.1), page, again));
    }
    let then = format!("{LIST_PAGE}/{}?done=saved", view.group.id);
    after(&staff, saved, &then, form, page, |form| contents(&staff, &view, &products, (form, &grid)))
}

/// What the fields hold.
pub(super) fn held(view: &GroupView) -> Vec<Held> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    vec![
        ("name", view.group.name.to_string()),
        ("slug", view.group.slug.to_string()),
        ("description", text(view.group.description.as_ref().map(Description::as_str))),
        ("seo_title", text(view.page.seo_title.as_ref().map(SeoTitle::as_str))),
        ("seo_description", text(view.page.seo_description.as_ref().map(SeoDescription::as_str))),
    ]
}

fn typed(form: &mut Form, view: &GroupView) -> Option<UpdateGroup> {
    let name = form.required("name", GroupName::parse);
    let slug = form.required("slug", Slug::parse);
    let description = form.optional("description", Description::parse);
    let seo_title = form.optional("seo_title", SeoTitle::parse);
    let seo_description = form.optional("seo_description", SeoDescription::parse);
    let change = GroupChange { name: Some(name?), slug: Some(slug?), description: Some(description?), options: None };
    let page = PageTextsChange { seo_title: Some(seo_title?), seo_description: Some(seo_description?), html: None };
    Some(UpdateGroup { page, expected: form.expected(), ..UpdateGroup::of(view.group.id, change) })
}

/// The fields.
pub(super) fn fields(form: &Form) -> Markup {
    html! {
        (Field::text(form, "name", "Name").max(GroupName::MAX).required().hint("The names of its products stay."))
        (Field::text(form, "description", "Description").max(Description::MAX).lines(4).hint("For products without their own."))
        (Field::text(form, "slug", "Name in addresses").required())
        (Field::text(form, "seo_title", "Title for search engines").max(SeoTitle::MAX))
        (Field::text(form, "seo_description", "Text for search engines").max(SeoDescription::MAX).lines(2))
    }
}
