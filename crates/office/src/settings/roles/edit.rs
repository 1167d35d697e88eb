use application::Error;
use application::access::Attempted;
use application::roles::UpdateRole;
use domain::access::Scopes;
use domain::roles::{CustomRole, Role};
use maud::Markup;

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, granting, mistyped, outdated};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;
use crate::settings::scopes;

const PAGE: (&str, &str) = (SECTION, "Edit role");

/// Shows what a role allows, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let role = asked(staff).await?;
    let form = Form::filled(role.version, &[]).with(scopes::ticked(role.scopes));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &role, &form, None)))
}

/// Changes what a role allows.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let role = asked(staff).await?;
    let mut form = staff.form();
    let Some(scopes) = scopes::typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &role, &form, None)));
    };
    let update = UpdateRole { role: Role::Custom(role.name), scopes: Some(scopes), expected: form.expected() };
    let attempted = Attempted::new::<UpdateRole, CustomRole>(role.id.0);
    match granting(staff, attempted, update).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            let again = |form: &Form| contents(staff, &now, form, Some(now.scopes));
            Ok(outdated(staff, form, (now.version, &[]), PAGE, again))
        }
        edited => {
            let then = format!("{LIST_PAGE}?done=saved");
            after(staff, edited, &then, form, PAGE, |form| contents(staff, &role, form, None))
        }
    }
}

/// `now` is what the role allows now, if somebody has changed that meanwhile.
fn contents(staff: &Staff, role: &CustomRole, form: &Form, now: Option<Scopes>) -> Markup {
    let name = role.name.as_str();
    let place = Dialog {
        title: format!("Edit role {name}"),
        action: format!("{LIST_PAGE}/{name}/edit"),
        back: LIST_PAGE.to_owned(),
        button: "Save",
        is_final: false,
    };
    dialog(staff, form, &place, &scopes::boxes(staff, form, now))
}
