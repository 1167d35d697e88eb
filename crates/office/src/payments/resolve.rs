//! The outcome of something that a provider was asked to do, and of which nobody could tell anything.

use application::Error;
use application::payments::ResolveOperation;
use domain::Uuid;
use domain::payments::{OperationId, OperationKind, Payment, PaymentId, PaymentOperation, Reference, Resolution};
use domain::{Code, Invalid};
use maud::{Markup, html};

use super::{SECTION, after_it, back_from, payment};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::orders::list::with_filter;
use crate::page::Answer;
use crate::parts::{Dialog, Field, amount, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Record the outcome");

/// An outcome, as the API says it.
const DONE: &str = "done";
const OUTCOMES: [(&str, &str); 3] =
    [("", "Choose"), (DONE, "The provider did it"), ("not_done", "The provider did nothing")];

/// Asks for the outcome of an operation.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (payment, operation) = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &payment, &operation, &Form::default())))
}

/// Records the outcome of an operation.
pub(crate) async fn resolve(staff: &Staff) -> Answer {
    let (payment, operation) = asked(staff).await?;
    let mut form = staff.form();
    let Some(resolution) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &payment, &operation, &form)));
    };
    let resolved = once(staff, ResolveOperation { id: operation.id, resolution }).await;
    let then = after_it(staff, payment.order_id, "resolved");
    after(staff, resolved, &then, form, PAGE, |form| contents(staff, &payment, &operation, form))
}

fn typed(form: &mut Form) -> Option<Resolution> {
    let outcome = form.required("outcome", |raw| match raw {
        DONE => Ok(true),
        "not_done" => Ok(false),
        _ => Err(Invalid::new(Code::NotAllowed, "must be one of those that can be chosen")),
    });
    let reference = form.optional("reference", Reference::parse);
    match (outcome?, reference?) {
        (true, reference) => Some(Resolution::Done(reference)),
        (false, None) => Some(Resolution::NotDone),
        (false, Some(_)) => {
            form.refuse("reference", Invalid::new(Code::NotAllowed, "must be empty if nothing was done"))
        }
    }
}

/// The operation of the path, with its payment.
async fn asked(staff: &Staff) -> Result<(Payment, PaymentOperation), Error> {
    let payment_id = Uuid::try_parse(staff.parameter("payment")).map(PaymentId);
    let payment = payment(staff, payment_id.map_err(|_| Error::NotFound("payment"))?).await?;
    let id = staff.id::<OperationId>("operation")?;
    let operations = staff.office.queries.payments.operations(payment.id).await?;
    let operation = operations.into_iter().find(|one| one.id == id).ok_or(Error::NotFound("operation"))?;
    Ok((payment, operation))
}

fn contents(staff: &Staff, payment: &Payment, operation: &PaymentOperation, form: &Form) -> Markup {
    let place = Dialog {
        title: "Record the outcome".to_owned(),
        action: with_filter(staff, &format!("payments/{}/operations/{}/resolve", payment.id, operation.id)),
        back: back_from(staff, payment.order_id),
        button: "Save",
        is_final: true,
    };
    let asked = match operation.kind {
        OperationKind::Begin => "to begin a payment",
        OperationKind::Capture => "to capture a payment",
        OperationKind::Void => "to void a payment",
        OperationKind::Refund => "to refund a payment",
    };
    let sum = payment.money(operation.amount.unwrap_or(payment.amount));
    dialog(
        staff,
        form,
        &place,
        &html! {
            p {
                "The provider was asked " (asked) " of " (amount(sum)) ", and nobody can tell whether it did. Look it up on its own \
                 pages. What you say here is taken over, and cannot be undone."
            }
            (Field::choice(form, "outcome", "Outcome", &OUTCOMES).required().focused())
            (Field::text(form, "reference", "Reference").max(Reference::MAX)
                .hint("How the provider calls the payment or the refund, if it did it."))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_done_has_no_reference_r90_r240() {
        let typed = |outcome, reference| {
            let mut form = Form::showing([("outcome", outcome), ("reference", reference)]);
            (typed(&mut form), form.fault("outcome").is_some(), form.fault("reference").is_some())
        };
        let reference = Reference::parse("pi_1").unwrap();
        assert_eq!(typed("done", "pi_1"), (Some(Resolution::Done(Some(reference))), false, false));
        assert_eq!(typed("done", ""), (Some(Resolution::Done(None)), false, false));
        assert_eq!(typed("not_done", ""), (Some(Resolution::NotDone), false, false));
        assert_eq!(typed("not_done", "pi_1"), (None, false, true));
        assert_eq!((typed("", ""), typed("maybe", "")), ((None, true, false), (None, true, false)));
    }
}
