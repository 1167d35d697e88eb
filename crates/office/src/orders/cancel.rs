use application::orders::CancelOrder;
use domain::Money;
use domain::mail::MailTemplate;
use domain::orders::{Note, Order, OrderScope};
use domain::payments::{OrderBalance, OrderPaymentStatus};
use maud::{Markup, html};

use super::list::done;
use super::refused::after_step;
use super::{SECTION, about, asked, mailed, name};
use crate::act::{mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Cancel");

/// Asks whether an order is cancelled, and says what follows.
pub(crate) async fn form(staff: Staff) -> Answer {
    let order = asked(&staff).await?;
    Ok(page(&staff, SECTION, PAGE.1, &contents(&staff, &order, &Form::default())))
}

/// Cancels an order.
pub(crate) async fn cancel(staff: Staff) -> Answer {
    let order = asked(&staff).await?;
    let mut form = staff.form();
    let Some(reason) = form.optional("reason", Note::parse) else {
        return Ok(mistyped(&staff, PAGE, &contents(&staff, &order, &form)));
    };
    let cancelled = once(&staff, CancelOrder { id: order.id, scope: OrderScope::All, reason }).await;
    let then = done(&staff, order.id, "cancelled");
    after_step(&staff, (&order, cancelled), &then, form, PAGE.1, |form| contents(&staff, &order, form)).await
}

fn contents(staff: &Staff, order: &Order, form: &Form) -> Markup {
    let units: i64 = order.lines.iter().map(|line| line.quantity.get()).sum();
    let of = |part: fn(&OrderBalance) -> i64| Money {
        amount: order.balance.as_ref().map_or(0, part),
        currency: order.total.currency,
    };
    let (held, paid) = (of(|balance| balance.authorised), of(|balance| balance.captured - balance.refunded));
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
                @if is_under_way { li { "The payment that is under way is given up." } }
                @if paid.amount > 0 { li { (amount(paid)) " goes back to the customer, the way it came." } }
                li { "The customer sees that the order is cancelled" (mailed(staff, MailTemplate::OrderCancelled)) ". This cannot be undone." }
            }
            (Field::text(form, "reason", "Reason").max(Note::MAX).hint("The customer sees it.").focused())
        },
    )
}
