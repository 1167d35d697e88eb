use application::orders::CancelOrder;
use domain::Money;
use domain::orders::{Note, Order, OrderScope};
use maud::{Markup, html};

use super::list::done;
use super::{SECTION, about, asked, name};
use crate::act::{after, mistyped, once};
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
    after(&staff, cancelled, &then, form, PAGE, |form| contents(&staff, &order, form))
}

fn contents(staff: &Staff, order: &Order, form: &Form) -> Markup {
    let units: i64 = order.lines.iter().map(|line| line.quantity.get()).sum();
    let paid = order.balance.as_ref().map_or(0, |balance| balance.captured - balance.refunded);
    let paid = Money { amount: paid, currency: order.total.currency };
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
                @if paid.amount > 0 { li { (amount(paid)) " goes back to the customer, the way it came." } }
                li { "The customer sees that the order is cancelled. This cannot be undone." }
            }
            (Field::text(form, "reason", "Reason").max(Note::MAX).hint("The customer sees it.").focused())
        },
    )
}
