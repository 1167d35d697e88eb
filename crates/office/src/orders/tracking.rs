use application::Error;
use application::orders::CorrectTracking;
use domain::orders::{Carrier, Order, OrderScope, Parcel, ShipmentChange, TrackingNumber};
use maud::{Markup, html};

use super::advance::parcel;
use super::list::done;
use super::{SECTION, about, asked, name};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Correct the tracking");

/// Asks for the right carrier and tracking number.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let form = Form::filled(order.version, &held(staff, &order).await?);
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &order, &form)))
}

/// Corrects carrier and tracking number. A field that is empty now is removed.
pub(crate) async fn correct(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let mut form = staff.form();
    let Some(Parcel { carrier, tracking_number }) = parcel(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &order, &form)));
    };
    let change =
        ShipmentChange { carrier: Some(carrier), tracking_number: Some(tracking_number), expected_delivery: None };
    let correct = CorrectTracking { id: order.id, change, note: None, expected: form.expected() };
    match once(staff, correct).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            let held = held(staff, &now).await?;
            Ok(outdated(staff, form, (now.version, &held), PAGE, |form| contents(staff, &now, form)))
        }
        corrected => {
            let then = done(staff, order.id, "tracking");
            after(staff, corrected, &then, form, PAGE, |form| contents(staff, &order, form))
        }
    }
}

/// What is known of the parcel of an order.
async fn held(staff: &Staff, order: &Order) -> Result<Vec<Held>, Error> {
    let tracking = staff.office.queries.orders.tracking(order.id, OrderScope::All).await?;
    let tracking = tracking.ok_or(Error::NotFound("order"))?;
    Ok(vec![
        ("carrier", tracking.carrier.map(|carrier| carrier.to_string()).unwrap_or_default()),
        ("tracking_number", tracking.tracking_number.map(|number| number.to_string()).unwrap_or_default()),
    ])
}

fn contents(staff: &Staff, order: &Order, form: &Form) -> Markup {
    let place = about(staff, order, format!("Correct the tracking of order {}", name(order)), "tracking", "Correct");
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "carrier", "Carrier").max(Carrier::MAX))
            (Field::text(form, "tracking_number", "Tracking number").max(TrackingNumber::MAX).focused())
        },
    )
}
