use application::Error;
use application::orders::CancelOrder;
use domain::orders::{Note, Order, OrderBalance, OrderPaymentStatus, OrderScope};
use domain::payments::Payment;
use domain::{MailTemplate, Money};
use maud::{Markup, html};

use super::list::done;
use super::refused::after_step;
use super::{SECTION, about, asked, mailed, name};
use crate::act::{made, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Cancel");

/// The result of a cancellation after which somebody of the shop has to pay money back.
const OWING: &str = "owing";
/// The result of any other one.
const CANCELLED: &str = "cancelled";

/// Asks whether an order is cancelled, and says what follows.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let by_hand = by_hand(staff, &order).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &order, by_hand, &Form::default())))
}

/// Cancels an order.
pub(crate) async fn cancel(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let by_hand = by_hand(staff, &order).await?;
    let mut form = staff.form();
    let Some(reason) = form.optional("reason", Note::parse) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &order, by_hand, &form)));
    };
    let result = if by_hand > 0 { OWING } else { CANCELLED };
    let cancel = CancelOrder { id: order.id, scope: OrderScope::All, reason };
    // It is kept, since a form that is sent again may come when the money has gone back.
    let cancelled = made(staff, cancel, move |_| result.to_owned()).await;
    let is_owing = cancelled.as_ref().is_ok_and(|result| result == OWING);
    let then = done(staff, order.id, if is_owing { OWING } else { CANCELLED });
    let again = |form: &Form| contents(staff, &order, by_hand, form);
    after_step(staff, (&order, cancelled.map(drop)), &then, form, PAGE.1, again).await
}

/// The part of the received money that the staff have to pay back themselves, in minor units. It includes refunds that
/// are not marked as paid.
async fn by_hand(staff: &Staff, order: &Order) -> Result<i64, Error> {
    if order.balance.is_none() {
        return Ok(0);
    }
    let payments = staff.office.queries.payments.of_order(order.id, OrderScope::All).await?;
    Ok(payments.iter().filter(|payment| !payment.kind.is_online()).map(Payment::unrefunded).sum())
}

fn contents(staff: &Staff, order: &Order, by_hand: i64, form: &Form) -> Markup {
    let units: i64 = order.lines.iter().map(|line| line.quantity.get()).sum();
    let of = |part: fn(&OrderBalance) -> i64| Money {
        amount: order.balance.as_ref().map_or(0, part),
        currency: order.total.currency,
    };
    let held = of(|balance| balance.authorised);
    let online = Money { amount: of(|balance| balance.captured - balance.refunded).amount - by_hand, ..held };
    let by_hand = Money { amount: by_hand, ..held };
    let is_under_way = order.balance.as_ref().is_some_and(|balance| balance.status == OrderPaymentStatus::Pending);
    let place = Dialog {
        is_final: true,
        ..about(staff, order, format!("Cancel order {}", name(order)), "cancel", "Cancel the order")
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            ul {
                li { (units) @if units == 1 { " unit comes" } @else { " units come" } " back into stock." }
                @if held.amount > 0 { li { (amount(held)) " that the customer’s bank holds is released. Nothing of it is taken." } }
                @if is_under_way { li { "The payment that is under way is voided." } }
                @if online.amount > 0 { li { (amount(online)) " goes back to the customer, the way it came." } }
                @if by_hand.amount > 0 {
                    li {
                        "You have to pay " (amount(by_hand)) " back yourself, by bank transfer or in cash. Then mark the refund as paid \
                         on the page of the order."
                    }
                }
                li { "The customer sees that the order is cancelled" (mailed(staff, MailTemplate::OrderCancelled)) ". This cannot be undone." }
            }
            (Field::text(form, "reason", "Reason").max(Note::MAX).hint("The customer sees it.").focused())
        },
    )
}
