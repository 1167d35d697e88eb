use actix_web::http::StatusCode;
use application::Error;
use application::payments::RefundOrder;
use domain::orders::{Note, Order, OrderScope};
use domain::payments::{Amount, OrderPayments, Payment, RefundReason, RefundRequest};
use domain::{MailTemplate, Money};
use maud::{Markup, html};

use super::list::done;
use super::{SECTION, about, asked, mailed, name};
use crate::act::{after, mistyped};
use crate::form::Form;
use crate::layout::{page, page_with};
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount as amount_of, dialog, number, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Refund");

/// Asks how much goes back, and why.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let payments = staff.office.queries.payments.of_order(order.id, OrderScope::All).await?;
    let form = Form::showing([("amount", number(most(&order, &payments)))]).remembering(SEEN, seen(&payments));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &order, &payments, &form)))
}

/// The field with the refundable amount when the form was opened. It keeps two people from refunding the same money
/// twice.
const SEEN: &str = "refundable";

fn seen(payments: &[Payment]) -> String {
    OrderPayments::refundable(payments).to_string()
}

/// The most that one payment can give back.
fn most(order: &Order, payments: &[Payment]) -> Money {
    let most = payments.iter().map(Payment::refundable).max().unwrap_or_default();
    Money { amount: most, currency: order.total.currency }
}

/// Gives money back.
pub(crate) async fn refund(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let payments = staff.office.queries.payments.of_order(order.id, OrderScope::All).await?;
    let currency = order.total.currency;
    let mut form = staff.form();
    let amount = form.required("amount", |raw| Amount::parse(typed_money(raw, currency)?));
    let reason = form.required("reason", RefundReason::parse);
    let note = form.optional("note", Note::parse);
    let (Some(amount), Some(reason), Some(note)) = (amount, reason, note) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &order, &payments, &form)));
    };
    let holder = staff.office.payments.holder();
    let request = RefundRequest { amount: amount.get(), payment_id: None, reason, note, outside: None, holder };
    let providers = staff.office.payments.providers().clone();
    let seen_before = form.before(SEEN).and_then(|seen| seen.parse().ok());
    let refund = RefundOrder { order_id: order.id, request, seen: seen_before, providers };
    let refunded = staff.office.payments.act(&staff.runner(), staff.claim(), refund).await;
    if matches!(refunded, Err(Error::Stale(_))) {
        let now = staff.office.queries.payments.of_order(order.id, OrderScope::All).await?;
        let mut form = form.remembering(SEEN, seen(&now));
        let most = amount_of(most(&order, &now));
        form.message = Some(format!(
            "Money of this order has moved meanwhile, so that nothing was refunded. At most {most} can go back now: look \
             at the amount, then send it again."
        ));
        let body = contents(staff, &order, &now, &form);
        return Ok(page_with(StatusCode::PRECONDITION_FAILED, staff, SECTION, PAGE.1, &body));
    }
    let is_by_hand = refunded.as_ref().is_ok_and(|acted| !acted.payment.kind.is_online());
    let then = done(staff, order.id, if is_by_hand { "owed" } else { "refunded" });
    after(staff, refunded.map(drop), &then, form, PAGE, |form| contents(staff, &order, &payments, form))
}

/// How the money goes back: by the provider of a payment, or by the hands of somebody of the shop.
fn way(payments: &[Payment]) -> &'static str {
    let mut refundable = payments.iter().filter(|payment| payment.refundable() > 0);
    let is_by_hand = |payment: &Payment| !payment.kind.is_online();
    match (refundable.clone().any(is_by_hand), refundable.all(is_by_hand)) {
        (true, true) => {
            "You have to pay it back yourself, by bank transfer or in cash, and mark it as paid on the page of the order"
        }
        (true, false) => {
            "What came online goes back the way it came. What came by bank transfer or in cash you have to pay back \
             yourself, and mark as paid on the page of the order"
        }
        (false, _) => "It goes the way it came",
    }
}

fn contents(staff: &Staff, order: &Order, payments: &[Payment], form: &Form) -> Markup {
    let place =
        Dialog { is_final: true, ..about(staff, order, format!("Refund order {}", name(order)), "refund", "Refund") };
    let currency = order.total.currency.code();
    dialog(
        staff,
        form,
        &place,
        &html! {
            p { "At most " (amount_of(most(order, payments))) " can go back. " (way(payments)) ". It cannot be taken back. \
                 Once it has gone, the customer sees it" (mailed(staff, MailTemplate::RefundMade)) "." }
            (Field::text(form, "amount", "Amount").suffix(currency).required().focused())
            (Field::text(form, "reason", "Reason").max(RefundReason::MAX).required().hint("In a word, such as damaged."))
            (Field::text(form, "note", "Note").max(Note::MAX).hint("Only staff see it."))
        },
    )
}
