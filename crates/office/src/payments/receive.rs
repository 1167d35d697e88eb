use application::payments::ReceivePayment;
use domain::parse_day;
use domain::payments::{Amount, Payment, Reference};
use maud::{Markup, html};

use super::{SECTION, after_it, asked, back_from};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::orders::list::with_filter;
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog, number, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Record payment");

/// Asks how much money has come, and when.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    let open = payment.money(payment.amount - payment.captured);
    let today = staff.office.calendar.day(staff.office.clock.now());
    let form = Form::showing([("amount", number(open)), ("received_on", today.to_string())]);
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &payment, &form)))
}

/// Notes money that came by bank transfer or in cash.
pub(crate) async fn receive(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    let mut form = staff.form();
    let amount = form.required("amount", |raw| Amount::parse(typed_money(raw, payment.currency)?));
    let reference = form.required("reference", Reference::parse);
    let received_on = form.required("received_on", parse_day);
    let (Some(amount), Some(reference), Some(received_on)) = (amount, reference, received_on) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &payment, &form)));
    };
    let receive = ReceivePayment { id: payment.id, amount: amount.get(), reference, received_on };
    let received = once(staff, receive).await;
    let then = after_it(staff, payment.order_id, "received");
    after(staff, received, &then, form, PAGE, |form| contents(staff, &payment, form))
}

fn contents(staff: &Staff, payment: &Payment, form: &Form) -> Markup {
    let place = Dialog {
        title: "Record a payment".to_owned(),
        action: with_filter(staff, &format!("payments/{}/receive", payment.id)),
        back: back_from(staff, payment.order_id),
        button: "Record",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            p { "Of " (amount(payment.money(payment.amount))) ", " (amount(payment.money(payment.captured))) " are here already." }
            (Field::text(form, "amount", "Amount").suffix(payment.currency.code()).required().focused())
            (Field::text(form, "reference", "Reference").max(Reference::MAX).required().hint("What names the money, such as statement 12, line 7. It counts once."))
            (Field::text(form, "received_on", "Received on").kind("date").required())
        },
    )
}
