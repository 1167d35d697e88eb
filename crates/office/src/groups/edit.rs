//! A group: what its products share, and these themselves.

use actix_web::http::StatusCode;
use application::Error;
use application::groups::UpdateGroup;
use domain::groups::{GroupChange, GroupName, GroupView};
use domain::pages::PageTextsChange;
use domain::products::Description;
use domain::slugs::Slug;
use domain::terms::{SeoDescription, SeoTitle};
use maud::{Markup, html};

use super::show::{contents, products};
use super::{LIST_PAGE, SECTION, asked};
use crate::act::{mistyped, once_for, redirect, refused};
use crate::form::{Form, Held};
use crate::layout::page_with;
use crate::page::Answer;
use crate::parts::Field;
use crate::products::batch::{self, Rows};
use crate::request::Staff;

/// Saves what the products of a group share, and the grid of its products: one form, so that nothing that was typed is lost.
/// The products come first, since a group that has changed is a change of its products as well.
pub(crate) async fn save(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let mut products = products(staff, &view).await?;
    let page = (SECTION, view.group.name.as_str());
    let mut form = staff.form();
    let (update, rows) = (typed(&mut form, &view), batch::edits(staff, &mut form, &products));
    let (Some(update), Some(rows)) = (update, rows) else {
        return Ok(mistyped(staff, page, &contents(staff, &view, &products, &form)));
    };
    let whole = staff.claim();
    let claim = |part| whole.as_ref()?.part(part).ok();
    let has_rows = !rows.is_empty();
    let form = match batch::save_rows(staff, &claim, rows, form, &mut products).await? {
        Rows::Saved(form) => form,
        Rows::Refused(status, form) => {
            return Ok(page_with(status, staff, page.0, page.1, &contents(staff, &view, &products, &form)));
        }
    };
    let then = format!("{LIST_PAGE}/{}?done=saved", view.group.id);
    if is_untouched(&form, &view) {
        return Ok(redirect(staff, &then));
    }
    let error = match once_for(staff, claim(batch::CLAIM_OF_THE_REST), update).await {
        Ok(()) => return Ok(redirect(staff, &then)),
        Err(error) => error,
    };
    // What is shown of the products is how they are now.
    let now = asked(staff).await?;
    let products = super::show::products(staff, &now).await?;
    let mut form = batch::filled_again(staff, form, &products);
    let is_stale = matches!(error, Error::Stale(_));
    let status = if is_stale {
        form.compare(now.group.version, &held(&now));
        StatusCode::PRECONDITION_FAILED
    } else {
        let (status, refused) = refused(staff, error, form)?;
        form = refused;
        status
    };
    if has_rows {
        // The key is used up by the products.
        form = form.without(|name| name == Form::KEY);
        let why = if is_stale { Some(STALE.to_owned()) } else { form.message.take() };
        let why = why.unwrap_or_else(|| "Look at the marked fields.".to_owned());
        form.message = Some(format!("The products are saved. What they share is not: {why}"));
    }
    Ok(page_with(status, staff, page.0, page.1, &contents(staff, &now, &products, &form)))
}

/// The message if the shared fields are not saved although the products are.
const STALE: &str = "Somebody has changed it meanwhile. Look at the fields that say so, then save again.";

/// Whether nobody has changed what the products share.
fn is_untouched(form: &Form, view: &GroupView) -> bool {
    held(view).iter().all(|(name, _)| form.before(name).unwrap_or_default() == form.text(name).unwrap_or_default())
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
