use application::payments::VoidPayment;
use domain::orders::OrderScope;
use domain::payments::Payment;
use maud::{Markup, html};

use super::{SECTION, after_it, asked, back_from};
use crate::act::after;
use crate::form::Form;
use crate::layout::page;
use crate::orders::list::with_filter;
use crate::page::Answer;
use crate::parts::{Dialog, amount, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Void a payment");

/// Asks whether a payment is voided.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &payment, &Form::default())))
}

/// Voids a payment of which nothing was taken.
pub(crate) async fn void(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    let payments = &staff.office.payments;
    let void = VoidPayment { id: payment.id, scope: OrderScope::All, holder: payments.holder() };
    let voided = payments.act(&staff.runner(), staff.claim(), void).await.map(drop);
    let then = after_it(staff, payment.order_id, "voided");
    after(staff, voided, &then, staff.form(), PAGE, |form| contents(staff, &payment, form))
}

fn contents(staff: &Staff, payment: &Payment, form: &Form) -> Markup {
    let place = Dialog {
        title: "Void the payment".to_owned(),
        action: with_filter(staff, &format!("payments/{}/void", payment.id)),
        back: back_from(staff, payment.order_id),
        button: "Void",
        is_final: true,
    };
    let held = payment.held();
    let fields = html! {
        p {
            "Nothing was taken of these " (amount(payment.money(payment.amount))) "."
            @if held > 0 { " The " (amount(payment.money(held))) " that the customer’s bank holds are released." }
            " The customer can pay the order in another way then. This cannot be undone."
        }
    };
    dialog(staff, form, &place, &fields)
}
