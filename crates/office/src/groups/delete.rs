use application::groups::DeleteGroup;
use domain::groups::GroupView;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Dissolve a group");

/// Asks whether a group is dissolved.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &view, &Form::filled(view.group.version, &[]))))
}

/// Dissolves a group.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let form = staff.form();
    let deleted = once(staff, DeleteGroup { id: view.group.id, expected: form.expected() }).await;
    after(staff, deleted, &format!("{LIST_PAGE}?done=deleted"), form, PAGE, |form| contents(staff, &view, form))
}

fn contents(staff: &Staff, view: &GroupView, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Dissolve {}", view.group.name),
        action: format!("{LIST_PAGE}/{}/delete", view.group.id),
        back: format!("{LIST_PAGE}/{}", view.group.id),
        button: "Dissolve group",
        is_final: true,
    };
    let products = view.members.len();
    let fields = html! {
        p {
            @if products == 1 { "Its product stands" } @else { "Its " (products) " products stand" }
            " alone then. What they had from the group becomes their own. Their prices, stock and orders stay."
        }
    };
    dialog(staff, form, &place, &fields)
}
