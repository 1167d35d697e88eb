use actix_web::http::StatusCode;
use application::Error;
use application::payments::CapturePayment;
use domain::payments::{Amount, Payment};
use maud::{Markup, html};

use super::{SECTION, after_it, asked, back_from};
use crate::act::{after, mistyped};
use crate::form::Form;
use crate::layout::{page, page_with};
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

/// A form with the version of the payment, so that nobody captures money on the basis of outdated data.
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
        form.compare(now.version, &[]);
        form.message = Some(changed(&now));
        let body = contents(staff, &now, &form);
        return Ok(page_with(StatusCode::PRECONDITION_FAILED, staff, PAGE.0, PAGE.1, &body));
    }
    let then = after_it(staff, payment.order_id, "captured");
    after(staff, captured, &then, form, PAGE, |form| contents(staff, &payment, form))
}

/// Why nothing was captured of a payment that has changed since the form was filled. It has no field that says so.
fn changed(now: &Payment) -> String {
    let held = amount(now.money(now.held()));
    format!(
        "The payment has changed meanwhile, so that nothing was captured. {held} are held now: look at the amount, then send it \
         again."
    )
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
