use application::Error;
use application::tax_rates::UpdateTaxRate;
use domain::tax_rates::TaxRate;
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, asked, day};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog, percent};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "End tax rate");

/// Asks for the last day of a tax rate.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let rate = asked(staff).await?;
    let form = Form::filled(rate.version, &held(&rate));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &rate, &form)))
}

/// Gives a tax rate its last day.
pub(crate) async fn end(staff: &Staff) -> Answer {
    let rate = asked(staff).await?;
    let mut form = staff.form();
    let Some(last) = form.required("ends_on", day) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &rate, &form)));
    };
    let update = UpdateTaxRate { id: rate.dated.id, ends_on: Some(last), expected: form.expected() };
    match once(staff, update).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, |form| contents(staff, &now, form)))
        }
        ended => {
            let then = format!("{LIST_PAGE}?done=saved");
            after(staff, ended, &then, form, PAGE, |form| contents(staff, &rate, form))
        }
    }
}

fn held(rate: &TaxRate) -> Vec<Held> {
    vec![("ends_on", rate.dated.ends_on.map(|day| day.to_string()).unwrap_or_default())]
}

fn contents(staff: &Staff, rate: &TaxRate, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("End {}", rate.dated.rate.name),
        action: format!("{PLACE}/{}/end", rate.dated.id),
        back: LIST_PAGE.to_owned(),
        button: "Save",
        is_final: false,
    };
    let fields = html! {
        p {
            "It is " (percent(rate.dated.rate.ppm)) ", and holds up to and with its last day, which is after today. For another rate, \
             end this one and make a new one from the day after."
        }
        (Field::text(form, "ends_on", "Last day").kind("date").required().focused())
    };
    dialog(staff, form, &place, &fields)
}
