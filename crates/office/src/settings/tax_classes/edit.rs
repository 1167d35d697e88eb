use application::Error;
use application::tax_classes::UpdateTaxClass;
use domain::tax_classes::{TaxClass, TaxClassName};
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, asked};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Rename tax class");

/// Shows the name of a tax class, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let class = asked(staff).await?;
    let form = Form::filled(class.version, &held(&class));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &class, &form)))
}

/// Renames a tax class.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let class = asked(staff).await?;
    let mut form = staff.form();
    let Some(name) = form.required("name", TaxClassName::parse) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &class, &form)));
    };
    match once(staff, UpdateTaxClass { id: class.id, name: Some(name), expected: form.expected() }).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, |form| contents(staff, &now, form)))
        }
        renamed => {
            let then = format!("{LIST_PAGE}?done=saved");
            after(staff, renamed, &then, form, PAGE, |form| contents(staff, &class, form))
        }
    }
}

fn held(class: &TaxClass) -> Vec<Held> {
    vec![("name", class.name.to_string())]
}

fn contents(staff: &Staff, class: &TaxClass, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Rename {}", class.name),
        action: format!("{PLACE}/{}/edit", class.id),
        back: LIST_PAGE.to_owned(),
        button: "Save",
        is_final: false,
    };
    let field = html! { (Field::text(form, "name", "Name").max(TaxClassName::MAX).required().focused()) };
    dialog(staff, form, &place, &field)
}
