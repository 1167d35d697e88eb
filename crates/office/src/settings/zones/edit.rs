use application::Error;
use application::zones::UpdateZone;
use domain::pricing::ShippingTax;
use domain::zones::{Zone, ZoneChange, ZoneDetails};
use maud::Markup;

use super::new::{fields, typed};
use super::{LIST_PAGE, PLACE, SECTION, areas, asked};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Changed, Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;
use crate::settings::choices::Choices;

const PAGE: (&str, &str) = (SECTION, "Edit zone");

/// Shows a zone, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (zone, choices) = (asked(staff).await?, Choices::of(staff).await?);
    let form = Form::filled(zone.version, &held(&zone));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &zone, &choices, &form)))
}

/// Changes a zone.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let (zone, choices) = (asked(staff).await?, Choices::of(staff).await?);
    let mut form = staff.form();
    let Some(ZoneDetails { name, members, shipping_tax }) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &zone, &choices, &form)));
    };
    let changed = Changed::of(&form, &held(&zone));
    let change = ZoneChange {
        name: changed.get("name", name),
        members: changed.get("members", members),
        shipping_tax: changed.get("shipping_tax", shipping_tax),
    };
    match once(staff, UpdateZone { id: zone.id, change, expected: form.expected() }).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            let again = |form: &Form| contents(staff, &now, &choices, form);
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, again))
        }
        edited => {
            let then = format!("{LIST_PAGE}?done=saved");
            after(staff, edited, &then, form, PAGE, |form| contents(staff, &zone, &choices, form))
        }
    }
}

fn held(zone: &Zone) -> Vec<Held> {
    vec![
        ("name", zone.name.to_string()),
        ("members", areas::lines(&zone.members)),
        ("shipping_tax", zone.shipping_tax.as_ref().map(ShippingTax::to_string).unwrap_or_default()),
    ]
}

fn contents(staff: &Staff, zone: &Zone, choices: &Choices, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Edit {}", zone.name),
        action: format!("{PLACE}/{}/edit", zone.id),
        back: LIST_PAGE.to_owned(),
        button: "Save",
        is_final: false,
    };
    dialog(staff, form, &place, &fields(choices, form))
}
