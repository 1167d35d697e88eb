use application::Error;
use application::groups::RemoveMember;
use domain::groups::{GroupView, ShownMember};
use domain::{Uuid, products::ProductId};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Take a product out");
const PRODUCT: &str = "product";

/// Asks whether a product leaves its group.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let member = member(&view, staff.query(PRODUCT))?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &view, member, &Form::default())))
}

/// Makes a product of a group a single one.
pub(crate) async fn remove(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let form = staff.form();
    let then = format!("{LIST_PAGE}/{}?done=saved", view.group.id);
    // Sent again, the product is no member any more, and the page after it is the same.
    let id = form.text(PRODUCT).and_then(|id| Uuid::try_parse(id).ok()).map(ProductId);
    let product_id = id.ok_or(Error::NotFound("product"))?;
    let removed = once(staff, RemoveMember { group_id: view.group.id, product_id, expected: None }).await;
    let again = |form: &Form| {
        let left = member(&view, form.text(PRODUCT)).ok();
        left.map(|member| contents(staff, &view, member, form)).unwrap_or_default()
    };
    after(staff, removed, &then, form, PAGE, again)
}

fn member<'a>(view: &'a GroupView, id: Option<&str>) -> Result<&'a ShownMember, Error> {
    let found = view.members.iter().find(|member| id.is_some_and(|id| member.id.to_string() == id));
    found.ok_or(Error::NotFound("product"))
}

fn contents(staff: &Staff, view: &GroupView, member: &ShownMember, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Take {} out of {}", member.name, view.group.name),
        action: format!("{LIST_PAGE}/{}/remove", view.group.id),
        back: format!("{LIST_PAGE}/{}", view.group.id),
        button: "Take it out",
        is_final: false,
    };
    let fields = html! {
        input type="hidden" name=(PRODUCT) value=(member.id);
        p { "It stands alone then, and keeps what it had from the group. To put it back, add it to the group as an existing product." }
    };
    dialog(staff, form, &place, &fields)
}
