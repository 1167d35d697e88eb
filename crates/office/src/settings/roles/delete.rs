use application::access::Attempted;
use application::roles::DeleteRole;
use domain::roles::{CustomRole, Role};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, granting};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete role");

/// Asks whether a role is deleted.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let role = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &role, &Form::default())))
}

/// Deletes a role that no account has.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let role = asked(staff).await?;
    let attempted = Attempted::new::<DeleteRole, CustomRole>(role.id.0);
    let delete = DeleteRole { role: Role::Custom(role.name), expected: None };
    let deleted = granting(staff, attempted, delete).await;
    let (then, form) = (format!("{LIST_PAGE}?done=deleted"), staff.form());
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &role, form))
}

fn contents(staff: &Staff, role: &CustomRole, form: &Form) -> Markup {
    let name = role.name.as_str();
    let place = Dialog {
        title: format!("Delete role {name}"),
        action: format!("{LIST_PAGE}/{name}/delete"),
        back: LIST_PAGE.to_owned(),
        button: "Delete the role",
        is_final: true,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            p { "A role that an account has cannot be deleted: give such accounts another role first." }
        },
    )
}
