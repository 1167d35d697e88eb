use application::shipping_methods::DeleteShippingMethod;
use domain::shipping_methods::ShippingMethod;
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete shipping method");

/// Asks whether a shipping method is deleted.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let method = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &method, &Form::filled(method.version, &[]))))
}

/// Deletes a shipping method.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let method = asked(staff).await?;
    let form = staff.form();
    let deleted = once(staff, DeleteShippingMethod { id: method.id, expected: form.expected() }).await;
    let then = format!("{LIST_PAGE}?done=deleted");
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &method, form))
}

fn contents(staff: &Staff, method: &ShippingMethod, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Delete {}", method.details.name),
        action: format!("{PLACE}/{}/delete", method.id),
        back: LIST_PAGE.to_owned(),
        button: "Delete the method",
        is_final: true,
    };
    let consequences = html! {
        ul {
            li { "It is not offered any more. Orders keep what they were shipped by." }
            li { "To offer it again later, edit it and retire it instead." }
        }
    };
    dialog(staff, form, &place, &consequences)
}
