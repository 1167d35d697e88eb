use application::Error;
use application::shipping_methods::UpdateShippingMethod;
use domain::Price;
use domain::shipping_methods::{Days, MethodChange, MethodDetails, ShippingMethod};
use domain::tax_classes::TaxClassCode;
use maud::Markup;

use super::new::{fields, typed};
use super::{LIST_PAGE, PLACE, SECTION, asked, tiers};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Changed, Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog, number};
use crate::request::Staff;
use crate::settings::choices::Choices;

const PAGE: (&str, &str) = (SECTION, "Edit shipping method");

/// Shows a shipping method, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (method, choices) = (asked(staff).await?, Choices::of(staff).await?);
    let form = Form::filled(method.version, &held(staff, &method));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &method, &choices, &form)))
}

/// Changes a shipping method.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let (method, choices) = (asked(staff).await?, Choices::of(staff).await?);
    let mut form = staff.form();
    let Some(typed) = typed(staff, &mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &method, &choices, &form)));
    };
    let change = change(typed, &Changed::of(&form, &held(staff, &method)));
    match once(staff, UpdateShippingMethod { id: method.id, change, expected: form.expected() }).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            let again = |form: &Form| contents(staff, &now, &choices, form);
            Ok(outdated(staff, form, (now.version, &held(staff, &now)), PAGE, again))
        }
        edited => {
            let then = format!("{LIST_PAGE}?done=saved");
            after(staff, edited, &then, form, PAGE, |form| contents(staff, &method, &choices, form))
        }
    }
}

fn held(staff: &Staff, method: &ShippingMethod) -> Vec<Held> {
    let MethodDetails { code, name, zone_id, status, position, basis, tiers, free_from, tax_class, days } =
        &method.details;
    let money = |price: Price| number(staff.office.shop.money(price));
    let days_of = |days: Option<Days>| days.map(|days| days.get().to_string()).unwrap_or_default();
    vec![
        ("name", name.to_string()),
        ("code", code.as_str().to_owned()),
        ("zone_id", zone_id.to_string()),
        ("status", status.as_str().to_owned()),
        ("basis", basis.as_str().to_owned()),
        ("tiers", tiers::lines(tiers, *basis, staff.office.shop.currency)),
        ("free_from", free_from.map(money).unwrap_or_default()),
        ("tax_class", tax_class.as_ref().map(TaxClassCode::as_str).unwrap_or_default().to_owned()),
        ("position", position.get().to_string()),
        ("min_days", days_of(days.min())),
        ("max_days", days_of(days.max())),
    ]
}

/// The change of what was typed into fields that have changed. What a tier begins at means something else by another
/// basis, so that both go together.
fn change(typed: MethodDetails, changed: &Changed) -> MethodChange {
    let tiers = changed.get("tiers", ()).or_else(|| changed.get("basis", ())).map(|()| typed.tiers);
    MethodChange {
        code: changed.get("code", typed.code),
        name: changed.get("name", typed.name),
        zone_id: changed.get("zone_id", typed.zone_id),
        status: changed.get("status", typed.status),
        position: changed.get("position", typed.position),
        basis: changed.get("basis", typed.basis),
        tiers,
        free_from: changed.get("free_from", typed.free_from),
        tax_class: changed.get("tax_class", typed.tax_class),
        min_days: changed.get("min_days", typed.days.min()),
        max_days: changed.get("max_days", typed.days.max()),
    }
}

fn contents(staff: &Staff, method: &ShippingMethod, choices: &Choices, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Edit {}", method.details.name),
        action: format!("{PLACE}/{}/edit", method.id),
        back: LIST_PAGE.to_owned(),
        button: "Save",
        is_final: false,
    };
    dialog(staff, form, &place, &fields(staff, choices, form))
}
