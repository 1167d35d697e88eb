use application::tax_classes::DeleteTaxClass;
use domain::tax_classes::TaxClass;
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete tax class");

/// Asks whether a tax class is deleted.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let class = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &class, &Form::filled(class.version, &[]))))
}

/// Deletes a tax class that nothing uses.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let class = asked(staff).await?;
    let form = staff.form();
    let deleted = once(staff, DeleteTaxClass { id: class.id, expected: form.expected() }).await;
    let then = format!("{LIST_PAGE}?done=deleted");
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &class, form))
}

fn contents(staff: &Staff, class: &TaxClass, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Delete {}", class.name),
        action: format!("{PLACE}/{}/delete", class.id),
        back: LIST_PAGE.to_owned(),
        button: "Delete the class",
        is_final: true,
    };
    let consequences = html! { p { "A class that products, zones, shipping methods or rates name stays." } };
    dialog(staff, form, &place, &consequences)
}
