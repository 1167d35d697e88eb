use application::payments::RefundOrder;
use domain::Money;
use domain::mail::MailTemplate;
use domain::orders::{Note, Order, OrderScope};
use domain::payments::{Amount, Payment, RefundReason, RefundRequest};
use maud::{Markup, html};

use super::list::done;
use super::{SECTION, about, asked, mailed, name};
use crate::act::{after, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog, number, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Refund");

/// Asks how much goes back, and why.
pub(crate) async fn form(staff: Staff) -> Answer {
    let order = asked(&staff).await?;
    let payments = staff.office.queries.payments.of_order(order.id, OrderScope::All).await?;
    let form = Form::showing([("amount", number(most(&order, &payments)))]);
    Ok(page(&staff, SECTION, PAGE.1, &contents(&staff, &order, &payments, &form)))
}

/// The most that one payment can give back.
fn most(order: &Order, payments: &[Payment]) -> Money {
    let most = payments.iter().map(Payment::refundable).max().unwrap_or_default();
    Money { amount: most, currency: order.total.currency }
}

/// Gives money back.
pub(crate) async fn refund(staff: Staff) -> Answer {
    let order = asked(&staff).await?;
    let payments = staff.office.queries.payments.of_order(order.id, OrderScope::All).await?;
    let currency = order.total.currency;
    let mut form = staff.form();
    let amount = form.required("amount", |raw| Amount::parse(typed_money(raw, currency)?));
    let reason = form.required("reason", RefundReason::parse);
    let note = form.optional("note", Note::parse);
    let (Some(amount), Some(reason), Some(note)) = (amount, reason, note) else {
        return Ok(mistyped(&staff, PAGE, &contents(&staff, &order, &payments, &form)));
    };
    let holder = staff.office.payments.holder();
    let request = RefundRequest { amount: amount.get(), payment_id: None, reason, note, outside: None, holder };
    let providers = staff.office.payments.providers().clone();
    let refund = RefundOrder { order_id: order.id, request, providers };
    let refunded = staff.office.payments.act(&staff.runner(), staff.claim(), refund).await.map(drop);
    let then = done(&staff, order.id, "refunded");
    after(&staff, refunded, &then, form, PAGE, |form| contents(&staff, &order, &payments, form))
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
            p { "At most " (amount(most(order, payments))) " can go back. It goes the way it came, and cannot be taken back. \
                 Once it has gone, the customer sees it" (mailed(staff, MailTemplate::RefundMade)) "." }
            (Field::text(form, "amount", "Amount").suffix(currency).required().focused())
            (Field::text(form, "reason", "Reason").max(RefundReason::MAX).required().hint("In a word, such as damaged."))
            (Field::text(form, "note", "Note").max(Note::MAX).hint("Only staff see it."))
        },
    )
}
