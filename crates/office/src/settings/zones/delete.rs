use application::zones::DeleteZone;
use domain::zones::Zone;
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete zone");

/// Asks whether a zone is deleted.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let zone = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &zone, &Form::filled(zone.version, &[]))))
}

/// Deletes a zone that nothing uses.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let zone = asked(staff).await?;
    let form = staff.form();
    let deleted = once(staff, DeleteZone { id: zone.id, expected: form.expected() }).await;
    let then = format!("{LIST_PAGE}?done=deleted");
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &zone, form))
}

fn contents(staff: &Staff, zone: &Zone, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Delete {}", zone.name),
        action: format!("{PLACE}/{}/delete", zone.id),
        back: LIST_PAGE.to_owned(),
        button: "Delete the zone",
        is_final: true,
    };
    let consequences = html! {
        ul {
            li { "Places in it belong to the next zone that is drawn around them, or to none." }
            li { "A zone that shipping methods or tax rates name stays." }
        }
    };
    dialog(staff, form, &place, &consequences)
}
