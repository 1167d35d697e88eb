use application::access::Attempted;
use application::roles::CreateRole;
use domain::Uuid;
use domain::roles::{CustomRole, Role, RoleName};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::act::{after, granting, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;
use crate::settings::scopes;

const PAGE: (&str, &str) = (SECTION, "New role");

/// Asks for a new role.
pub(crate) async fn form(staff: &Staff) -> Answer {
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &Form::default())))
}

/// Makes a role.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let role = form.required("name", |raw| Role::parse(raw.trim()));
    let scopes = scopes::typed(&mut form);
    let (Some(role), Some(scopes)) = (role, scopes) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let attempted = Attempted::new::<CreateRole, CustomRole>(Uuid::nil());
    let created = granting(staff, attempted, CreateRole { role, scopes }).await;
    let then = format!("{LIST_PAGE}?done=created");
    after(staff, created, &then, form, PAGE, |form| contents(staff, form))
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{LIST_PAGE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Create",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "name", "Name").max(RoleName::MAX).required().focused()
                .hint("3 to 32 of a-z, 0-9, _ and -, such as packing. It never changes."))
            (scopes::boxes(staff, form, None))
        },
    )
}
