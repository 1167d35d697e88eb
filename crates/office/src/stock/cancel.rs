use application::restocks::CancelRestock;
use application::{Conflict, Error};
use domain::restocks::{Restock, RestockStatus};
use maud::{Markup, html};

use super::receive::asked;
use super::{SECTION, with_list};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Cancel a restock");

/// Asks whether a restock is cancelled.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (restock, name) = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &restock, &name, &Form::default())))
}

/// Cancels a restock that does not come.
pub(crate) async fn cancel(staff: &Staff) -> Answer {
    let (restock, name) = asked(staff).await?;
    let cancelled = match once(staff, CancelRestock { id: restock.id }).await {
        // Somebody else was faster.
        Err(Error::Conflict(Conflict::RestockClosed(RestockStatus::Cancelled))) => Ok(()),
        other => other,
    };
    let then = with_list(staff, "restocks", [("done", "restock-cancelled")]);
    after(staff, cancelled, &then, staff.form(), PAGE, |form| contents(staff, &restock, &name, form))
}

fn contents(staff: &Staff, restock: &Restock, name: &str, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Cancel the restock of {name}"),
        action: with_list(staff, &format!("restocks/{}/cancel", restock.id), []),
        back: with_list(staff, "restocks", []),
        button: "Cancel the restock",
        is_final: true,
    };
    let units = restock.ordered;
    let fields = html! {
        p {
            "The " (units) @if units == 1 { " unit that was ordered is" } @else { " units that were ordered are" }
            " not waited for any more, and the stock stays as it is. As long as the product is low, it is ordered again \
             with the next order of what is low. This cannot be undone."
        }
    };
    dialog(staff, form, &place, &fields)
}
