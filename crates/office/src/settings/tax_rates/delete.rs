use application::tax_rates::DeleteTaxRate;
use domain::tax_rates::TaxRate;
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, date, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete tax rate");

/// Asks whether a tax rate is deleted.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let rate = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &rate, &Form::filled(rate.version, &[]))))
}

/// Deletes a tax rate before its first day.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let rate = asked(staff).await?;
    let form = staff.form();
    let deleted = once(staff, DeleteTaxRate { id: rate.dated.id, expected: form.expected() }).await;
    let then = format!("{LIST_PAGE}?done=deleted");
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &rate, form))
}

fn contents(staff: &Staff, rate: &TaxRate, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Delete {}", rate.dated.rate.name),
        action: format!("{PLACE}/{}/delete", rate.dated.id),
        back: LIST_PAGE.to_owned(),
        button: "Delete the rate",
        is_final: true,
    };
    let consequences = html! { p { "Nothing is taxed by it before " (date(rate.dated.starts_on)) ". A rate that holds already is ended instead." } };
    dialog(staff, form, &place, &consequences)
}
