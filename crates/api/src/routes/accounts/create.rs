use std::sync::Arc;

use application::access::{Attempted, note_refusal};
use application::accounts::CreateAccount;
use domain::Uuid;
use domain::accounts::{Account, AccountWithCustomer, Password, Username};
use domain::customers::CustomerId;
use domain::roles::Role;
use serde_json::{Value, json};

use super::TAG;
use super::body::AccountBody;
use crate::context::State;
use crate::example;
use crate::extract::read::{id, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

/// A new account of a customer, or of staff.
pub(crate) struct NewAccount {
    customer_id: Option<CustomerId>,
    username: Username,
    password: Password,
    role: Role,
}

impl FromFields for NewAccount {
    const NAME: &'static str = "NewAccount";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let customer_id = fields.optional("customer_id", &id(CustomerId));
        let username = fields.required("username", &text(Username::parse));
        let password = fields.required("password", &text(Password::parse));
        let role = fields.optional("role", &text(Role::parse));
        Some(Self {
            customer_id: customer_id?,
            username: username?,
            password: password?,
            role: role?.unwrap_or(Role::Customer),
        })
    }

    fn example() -> Value {
        json!({ "customer_id": example::ID, "username": "ann", "password": "correct horse battery", "role": "customer" })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createAccount",
    "Create an account for a customer or for staff",
    "With the role `customer`, which is the default, it is that of a customer, who has at most one: `customer_id` is required. \
     Staff have none. User names are lower-cased, and unique. Nobody gives a role with scopes that they have not.",
)
.problems(&[Kind::NOT_FOUND, Kind::DUPLICATE, Kind::BUSY]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<NewAccount>,
) -> Result<Idempotent<Created<AccountBody>>, Problem> {
    let IdempotentBody { body: NewAccount { customer_id, username, password, role }, claim } = request;
    let password_hash = state.hasher.hash(&password).await?;
    let create = CreateAccount { customer_id, username, password_hash, role };
    let body = AccountBody::seen_by(&staff);
    let present =
        move |made: &AccountWithCustomer| Created::at(format!("/api/v1/accounts/{}", made.account.id), &body(made));
    let runner = staff.runner(&state);
    let attempted = Attempted::new::<CreateAccount, Account>(Uuid::nil());
    Ok(note_refusal(&runner, attempted, runner.run_once(claim, create, present).await).await?.try_into()?)
}
