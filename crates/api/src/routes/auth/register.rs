use std::sync::Arc;

use application::accounts::Register;
use domain::accounts::{Password, Username};
use domain::customers::{CustomerDetails, CustomerName, EmailAddress, PhoneNumber};
use serde_json::{Value, json};

use super::TAG;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, OpenRegistration};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};
use crate::routes::accounts::AccountBody;

/// A new customer with an account.
pub(crate) struct Registration {
    customer: CustomerDetails,
    username: Username,
    password: Password,
}

impl FromFields for Registration {
    const NAME: &'static str = "Registration";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(CustomerName::parse));
        let email = fields.required("email", &text(EmailAddress::parse));
        let phone = fields.required("phone", &text(PhoneNumber::parse));
        let username = fields.required("username", &text(Username::parse));
        let password = fields.required("password", &text(Password::parse));
        let customer = CustomerDetails { name: name?, email: email?, phone: phone? };
        Some(Self { customer, username: username?, password: password? })
    }

    fn example() -> Value {
        json!({
            "name": "Ann Buyer",
            "email": "ann@example.com",
            "phone": "+14155550100",
            "username": "ann",
            "password": "correct horse battery",
        })
    }
}

pub(crate) const REGISTER: Operation = Operation::new(
    TAG,
    "register",
    "Register as a customer",
    "Makes a customer and an account of its own in one go. Log in next.",
)
.problems(&[Kind::NOT_FOUND, Kind::DUPLICATE, Kind::BUSY]);

pub(crate) async fn register(
    _open: OpenRegistration,
    state: Arc<State>,
    request: IdempotentBody<Registration>,
) -> Result<Idempotent<Created<AccountBody>>, Problem> {
    let IdempotentBody { body: Registration { customer, username, password }, claim } = request;
    let password_hash = state.hasher.hash(&password).await?;
    let register = Register { customer, username, password_hash };
    let present = |made: &_| Created::at("/api/v1/me".to_owned(), &AccountBody::from(made));
    Ok(state.runner.run_once(claim, register, present).await?.try_into()?)
}
