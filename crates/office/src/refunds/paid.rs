//! A refund that somebody of the shop has paid: by bank transfer or in cash.

use application::Error;
use application::payments::RefundPaid;
use domain::Money;
use domain::orders::OrderScope;
use domain::payments::{Payment, Reference, Refund, RefundId};
use maud::{Markup, html};

use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::orders::list::with_filter;
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog};
use crate::payments::{SECTION, after_it, back_from};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Mark as paid");

/// Asks what names the money that went back.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let refund = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &refund, &Form::default())))
}

/// Records that money went back by hand.
pub(crate) async fn paid(staff: &Staff) -> Answer {
    let refund = asked(staff).await?;
    let mut form = staff.form();
    let Some(reference) = form.required("reference", Reference::parse) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &refund, &form)));
    };
    let paid = once(staff, RefundPaid { id: refund.id, reference }).await;
    let then = after_it(staff, refund.order_id, "repaid");
    after(staff, paid, &then, form, PAGE, |form| contents(staff, &refund, form))
}

async fn asked(staff: &Staff) -> Result<Refund, Error> {
    let id = staff.id::<RefundId>("refund")?;
    staff.office.queries.payments.refund(id, OrderScope::All).await?.ok_or(Error::NotFound("refund"))
}

/// What of these refunds somebody of the shop has to pay.
pub(crate) fn to_pay<'a>(payments: &'a [Payment], refunds: &'a [Refund]) -> impl Iterator<Item = &'a Refund> {
    let kind = |refund: &Refund| payments.iter().find(|one| one.id == refund.payment_id).map(|payment| payment.kind);
    refunds.iter().filter(move |refund| kind(refund).is_some_and(|kind| refund.is_to_pay_by_hand(kind)))
}

fn contents(staff: &Staff, refund: &Refund, form: &Form) -> Markup {
    let place = Dialog {
        title: "Mark the refund as paid".to_owned(),
        action: with_filter(staff, &format!("refunds/{}/paid", refund.id)),
        back: back_from(staff, refund.order_id),
        button: "Mark as paid",
        is_final: true,
    };
    let sum = amount(Money { amount: refund.amount, currency: refund.currency });
    let hint = "What names the money that you sent, such as statement 13, line 2.";
    dialog(
        staff,
        form,
        &place,
        &html! {
            p { "No provider pays it. Send " (sum) " to the customer yourself first, then record it here. This cannot be undone." }
            (Field::text(form, "reference", "Reference").max(Reference::MAX).required().focused().hint(hint))
        },
    )
}
