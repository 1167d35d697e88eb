use std::sync::Arc;

use application::customers::CreateCustomer;
use domain::customers::{Customer, CustomerDetails, CustomerName, EmailAddress, PhoneNumber};
use serde_json::{Value, json};

use super::TAG;
use super::body::CustomerBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for CustomerDetails {
    const NAME: &'static str = "NewCustomer";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(CustomerName::parse));
        let email = fields.required("email", &text(EmailAddress::parse));
        let phone = fields.required("phone", &text(PhoneNumber::parse));
        Some(Self { name: name?, email: email?, phone: phone? })
    }

    fn example() -> Value {
        json!({ "name": "Ann Buyer", "email": "ann@example.com", "phone": "+14155550100" })
    }
}

pub(crate) const CREATE: Operation = Operation::new(TAG, "createCustomer", "Create a customer without an account", "`POST /api/v1/accounts` gives the customer an account. No two customers have the same email address, regardless of case.")
.problems(&[Kind::NOT_FOUND, Kind::DUPLICATE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<CustomerDetails>,
) -> Result<Idempotent<Created<CustomerBody>>, Problem> {
    let present = |made: &Customer| Created::at(CustomerBody::location(made), &CustomerBody::from(made));
    Ok(staff.runner(&state).run_once(request.claim, CreateCustomer(request.body), present).await?.try_into()?)
}
