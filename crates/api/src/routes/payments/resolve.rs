use std::sync::Arc;

use application::payments::ResolveOperation;
use domain::payments::{OperationId, Payment, Reference, Resolution};
use domain::{Code, Invalid, Rule, Ruled};
use serde_json::{Value, json};

use super::TAG;
use super::body::PaymentBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Updated};

/// What somebody of the staff has found out.
#[derive(Clone, Copy)]
enum FoundOut {
    Done,
    NotDone,
}

impl FoundOut {
    const ALL: [Self; 2] = [Self::Done, Self::NotDone];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotDone => "not_done",
        }
    }

    fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: done, not_done"))
    }
}

impl Ruled for FoundOut {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}

impl FromFields for Resolution {
    const NAME: &'static str = "Resolution";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let outcome = fields.required("outcome", &text(FoundOut::parse));
        let reference = fields.optional("reference", &text(Reference::parse));
        match (outcome?, reference?) {
            (FoundOut::Done, reference) => Some(Self::Done(reference)),
            (FoundOut::NotDone, None) => Some(Self::NotDone),
            (FoundOut::NotDone, Some(_)) => {
                fields.refuse("reference", Invalid::new(Code::NotAllowed, "is for what was done"));
                None
            }
        }
    }

    fn example() -> Value {
        json!({ "outcome": "not_done" })
    }
}

pub(crate) const RESOLVE: Operation = Operation::new(
    TAG,
    "resolveOperation",
    "Record the outcome of an operation whose result is unknown",
    "For an operation whose status is `unknown`, after a look at the provider's own pages. `reference` is how the \
     provider calls the payment or refund, if it was done.",
)
.problems(&[Kind::OPERATION_KNOWN, Kind::DUPLICATE]);

pub(crate) async fn resolve(
    staff: Staff,
    state: Arc<State>,
    id: Path<OperationId>,
    request: IdempotentBody<Resolution>,
) -> Result<Idempotent<Updated<PaymentBody>>, Problem> {
    let resolve = ResolveOperation { id: id.0, resolution: request.body };
    let present = |payment: &Payment| Updated::with(&PaymentBody::from(payment));
    Ok(staff.runner(&state).run_once(request.claim, resolve, present).await?.try_into()?)
}
