use application::Error;
use application::payments::CapturePayment;
use domain::payments::{Amount, Payment};
use maud::{Markup, html};

use super::{SECTION, after_it, asked, back_from};
use crate::act::{after, mistyped, outdated};
use crate::form::Form;
use crate::layout::page;
use crate::orders::list::with_filter;
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog, number, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Capture");

/// Asks how much of the money that is held is taken.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    let form = filled(&payment);
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &payment, &form)))
}

/// The form knows of which version of the payment it is, so that two people do not take what only one of them has seen.
fn filled(payment: &Payment) -> Form {
    let mut form = Form::filled(payment.version, &[]);
    form.put("amount", number(payment.money(payment.held())));
    form
}

/// Takes money that is held.
pub(crate) async fn capture(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    let mut form = staff.form();
    let amount = form.required("amount", |raw| Amount::parse(typed_money(raw, payment.currency)?));
    let Some(amount) = amount else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &payment, &form)));
    };
    let payments = &staff.office.payments;
    let capture = CapturePayment {
        id: payment.id,
        amount: Some(amount.get()),
        expected: form.expected(),
        providers: payments.providers().clone(),
        holder: payments.holder(),
    };
    let captured = payments.act(&staff.runner(), staff.claim(), capture).await.map(drop);
    if matches!(captured, Err(Error::Stale(_))) {
        let now = asked(staff).await?;
        return Ok(outdated(staff, form, (now.version, &[]), PAGE, |form| contents(staff, &now, form)));
    }
    let then = after_it(staff, payment.order_id, "captured");
    after(staff, captured, &then, form, PAGE, |form| contents(staff, &payment, form))
}

fn contents(staff: &Staff, payment: &Payment, form: &Form) -> Markup {
    let place = Dialog {
        title: "Capture the payment".to_owned(),
        action: with_filter(staff, &format!("payments/{}/capture", payment.id)),
        back: back_from(staff, payment.order_id),
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
