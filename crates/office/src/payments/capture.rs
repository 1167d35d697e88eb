use application::payments::CapturePayment;
use domain::payments::{Amount, Payment};
use maud::{Markup, html};

use super::{SECTION, asked};
use crate::act::{after, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::orders::list::{done, with_filter};
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog, number, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Capture");

/// Asks how much of the money that is held is taken.
pub(crate) async fn form(staff: Staff) -> Answer {
    let payment = asked(&staff).await?;
    let form = Form::showing([("amount", number(payment.money(payment.held())))]);
    Ok(page(&staff, SECTION, PAGE.1, &contents(&staff, &payment, &form)))
}

/// Takes money that is held.
pub(crate) async fn capture(staff: Staff) -> Answer {
    let payment = asked(&staff).await?;
    let mut form = staff.form();
    let amount = form.required("amount", |raw| Amount::parse(typed_money(raw, payment.currency)?));
    let Some(amount) = amount else {
        return Ok(mistyped(&staff, PAGE, &contents(&staff, &payment, &form)));
    };
    let payments = &staff.office.payments;
    let capture = CapturePayment {
        id: payment.id,
        amount: Some(amount.get()),
        providers: payments.providers().clone(),
        holder: payments.holder(),
    };
    let captured = payments.act(&staff.runner(), staff.claim(), capture).await.map(drop);
    let then = done(&staff, payment.order_id, "captured");
    after(&staff, captured, &then, form, PAGE, |form| contents(&staff, &payment, form))
}

fn contents(staff: &Staff, payment: &Payment, form: &Form) -> Markup {
    let place = Dialog {
        title: "Capture the payment".to_owned(),
        action: with_filter(staff, &format!("payments/{}/capture", payment.id)),
        back: with_filter(staff, &format!("orders/{}", payment.order_id)),
        button: "Capture",
        is_final: true,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            p {
                (amount(payment.money(payment.held()))) " are held. Most providers take once: what is not taken now goes back to the customer."
            }
            (Field::text(form, "amount", "Amount").suffix(payment.currency.code()).required().focused())
        },
    )
}
