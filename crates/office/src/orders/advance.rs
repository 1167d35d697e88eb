use application::orders::AdvanceOrder;
use application::{Claim, Error};
use domain::orders::{Carrier, Note, Order, OrderStatus, Parcel, TrackingNumber};
use maud::{Markup, html};

use super::list::done;
use super::refused::after_step;
use super::show::shipping_method;
use super::{SECTION, about, asked, name};
use crate::act::{mistyped, once, once_for};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, dialog, note_call_before};
use crate::request::Staff;

/// Asks whether an order is shipped, and with what.
pub(crate) async fn ship_form(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    Ok(page(staff, SECTION, "Ship", &shipping(staff, &order, &Form::default())))
}

/// Ships an order.
pub(crate) async fn ship(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let mut form = staff.form();
    let parcel = parcel(&mut form);
    let note = form.optional("note", Note::parse);
    let (Some(parcel), Some(note)) = (parcel, note) else {
        return Ok(mistyped(staff, (SECTION, "Ship"), &shipping(staff, &order, &form)));
    };
    let shipped = send_out(staff, &order, parcel, note, staff.claim()).await;
    let is_prepared_now = shipped.is_ok() && order.status == OrderStatus::Placed;
    let then = done(staff, order.id, "shipped");
    let again = |form: &Form| shipping(staff, &order, form);
    let answer = after_step(staff, (&order, shipped), &then, form, "Ship", again).await?;
    if is_prepared_now {
        note_call_before(staff, &[("status", OrderStatus::Processing.as_str())]);
    }
    Ok(answer)
}

/// Ships an order, once for the claim. One that is not prepared yet is prepared and shipped, or stays as it is.
pub(super) async fn send_out(
    staff: &Staff,
    order: &Order,
    parcel: Parcel,
    note: Option<Note>,
    claim: Option<Claim>,
) -> Result<(), Error> {
    let ship = AdvanceOrder { prepares: true, parcel, note, ..AdvanceOrder::to(order.id, OrderStatus::Shipped) };
    once_for(staff, claim, ship).await
}

/// Carrier and tracking number, as they are typed.
pub(super) fn parcel(form: &mut Form) -> Option<Parcel> {
    let carrier = form.optional("carrier", Carrier::parse);
    let tracking_number = form.optional("tracking_number", TrackingNumber::parse);
    Some(Parcel { carrier: carrier?, tracking_number: tracking_number? })
}

fn shipping(staff: &Staff, order: &Order, form: &Form) -> Markup {
    let place = about(staff, order, format!("Ship order {}", name(order)), "ship", "Ship");
    dialog(
        staff,
        form,
        &place,
        &html! {
            p {
                (units(order)) " go out. The customer sees the carrier and the number. No mail is sent about it. A shipped order cannot be \
                 cancelled any more."
            }
            @if let Some(method) = shipping_method(order) { p { "The buyer chose " (method) "." } }
            (Field::text(form, "carrier", "Carrier").max(Carrier::MAX))
            (Field::text(form, "tracking_number", "Tracking number").max(TrackingNumber::MAX).focused())
            (Field::text(form, "note", "Note for the history").max(Note::MAX).hint("The customer sees it, too."))
        },
    )
}

fn units(order: &Order) -> String {
    match order.lines.iter().map(|line| line.quantity.get()).sum() {
        1_i64 => "1 unit".to_owned(),
        units => format!("{units} units"),
    }
}

/// Asks whether an order takes its next step.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    Ok(page(staff, SECTION, "Next step", &advancing(staff, &order, &Form::default())))
}

/// Takes the next step of an order.
pub(crate) async fn advance(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let mut form = staff.form();
    let to = form.required("status", OrderStatus::parse);
    let note = form.optional("note", Note::parse);
    let (Some(to), Some(note)) = (to, note) else {
        return Ok(mistyped(staff, (SECTION, "Next step"), &advancing(staff, &order, &form)));
    };
    let advance = AdvanceOrder { note, ..AdvanceOrder::to(order.id, to) };
    let then = done(staff, order.id, "advanced");
    let advanced = once(staff, advance).await;
    let again = |form: &Form| advancing(staff, &order, form);
    after_step(staff, (&order, advanced), &then, form, "Next step", again).await
}

fn advancing(staff: &Staff, order: &Order, form: &Form) -> Markup {
    let (to, button) = match order.status {
        OrderStatus::Shipped | OrderStatus::Delivered => (OrderStatus::Delivered, "Mark delivered"),
        _ => (OrderStatus::Processing, "Prepare"),
    };
    let place = about(staff, order, format!("{button}: order {}", name(order)), "advance", button);
    dialog(
        staff,
        form,
        &place,
        &html! {
            input type="hidden" name="status" value=(to.as_str());
            p { "The order is " (order.status.as_str()) " now, and will be " (to.as_str()) ". The customer sees it." }
            (Field::text(form, "note", "Note for the history").max(Note::MAX).hint("The customer sees it, too."))
        },
    )
}
