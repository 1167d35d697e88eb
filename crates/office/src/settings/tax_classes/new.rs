use application::tax_classes::CreateTaxClass;
use domain::tax_classes::{TaxClassCode, TaxClassDetails, TaxClassName};
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New tax class");

/// Asks for a tax class.
pub(crate) async fn form(staff: &Staff) -> Answer {
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &Form::default())))
}

/// Makes a tax class.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let code = form.required("code", TaxClassCode::parse);
    let name = form.required("name", TaxClassName::parse);
    let (Some(code), Some(name)) = (code, name) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let made = once(staff, CreateTaxClass(TaxClassDetails { code, name })).await;
    let then = format!("{LIST_PAGE}?done=created");
    after(staff, made, &then, form, PAGE, |form| contents(staff, form))
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{PLACE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Create",
        is_final: false,
    };
    let fields = html! {
        (Field::text(form, "code", "Code").max(TaxClassCode::MAX).required().focused()
            .hint("What products, rates and files name it by, such as food. It never changes."))
        (Field::text(form, "name", "Name").max(TaxClassName::MAX).required())
    };
    dialog(staff, form, &place, &fields)
}
