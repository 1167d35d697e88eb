//! An order that does not take a step, most often because somebody else was faster.

use actix_web::http::StatusCode;
use application::{Conflict, Error};
use domain::orders::{HistoryEntry, Order, OrderScope, OrderStatus, Tracking};
use maud::Markup;

use super::SECTION;
use super::timeline::actors;
use crate::act::after;
use crate::form::Form;
use crate::layout::page_with;
use crate::page::Answer;
use crate::parts::moment;
use crate::request::Staff;
use crate::settings::who::Names;

/// [`after`] for a step of an order. If the order has taken a step already, the form says who took it, when, and with
/// which parcel.
pub(super) async fn after_step(
    staff: &Staff,
    (order, stepped): (&Order, Result<(), Error>),
    then: &str,
    mut form: Form,
    title: &str,
    again: impl FnOnce(&Form) -> Markup,
) -> Answer {
    let is_late = matches!(stepped, Err(Error::Conflict(Conflict::OrderStep { .. })));
    match if is_late { already(staff, order).await? } else { None } {
        Some(already) => {
            form.message = Some(already);
            Ok(page_with(StatusCode::CONFLICT, staff, SECTION, title, &again(&form)))
        }
        None => after(staff, stepped, then, form, (SECTION, title), again),
    }
}

/// Who took the last step of an order, such as `Already shipped by ann, 27 Nov 2026, 09:05, with UPS 1Z999. Nothing was
/// changed.`; `None` if it has taken none since it was placed.
pub(super) async fn already(staff: &Staff, order: &Order) -> Result<Option<String>, Error> {
    let Some(tracking) = staff.office.queries.orders.tracking(order.id, OrderScope::All).await? else {
        return Ok(None);
    };
    let Some(step) = last_step(&tracking) else { return Ok(None) };
    let who = actors(staff, order).await?.get(&step.at).copied();
    let names = Names::of(staff, who.into_iter()).await?;
    let who = who.map(|who| names.get(who));
    Ok(Some(sentence(&tracking, who.as_deref(), &moment(staff, step.at))))
}

/// The entry of the history by which the order got the status that it has; `None` if it is only placed.
fn last_step(tracking: &Tracking) -> Option<&HistoryEntry> {
    let is_step =
        |entry: &&HistoryEntry| entry.status == tracking.status && entry.replaced.is_none() && entry.edited.is_empty();
    tracking.history.iter().find(is_step).filter(|entry| entry.status != OrderStatus::Placed)
}

fn sentence(tracking: &Tracking, who: Option<&str>, when: &str) -> String {
    let what = match tracking.status {
        OrderStatus::Processing => "being prepared",
        other => other.as_str(),
    };
    let by = who.map(|who| format!(" by {who}")).unwrap_or_default();
    let carrier = tracking.carrier.as_ref().map(ToString::to_string);
    let number = tracking.tracking_number.as_ref().map(ToString::to_string);
    let parcel: Vec<_> = carrier.into_iter().chain(number).collect();
    let with = if parcel.is_empty() { String::new() } else { format!(", with {}", parcel.join(" ")) };
    format!("Already {what}{by}, {when}{with}. Nothing was changed.")
}
