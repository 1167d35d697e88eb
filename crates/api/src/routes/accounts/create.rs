use actix_web::web::Data;
use application::accounts::CreateAccount;
use domain::accounts::{AccountWithCustomer, Password, Role, Username};
use domain::customers::CustomerId;
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::AccountBody;
use crate::answer::{Created, Kept};
use crate::extract::read::{id, text};
use crate::extract::{Admin, Fields, FromFields, Once};
use crate::openapi::example;
use crate::refused::Refused;
use crate::state::State;

/// A new account of a customer.
pub(crate) struct NewAccount {
    customer_id: CustomerId,
    username: Username,
    password: Password,
    role: Role,
}

impl FromFields for NewAccount {
    const NAME: &'static str = "NewAccount";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let customer_id = fields.required("customer_id", &id(CustomerId));
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

/// Give a customer an account
///
/// A customer has at most one. User names are lower-cased, and unique.
#[api_v2_operation(tags(Accounts), operation_id = "createAccount")]
pub(crate) async fn create(
    admin: Admin,
    state: Data<State>,
    once: Once<NewAccount>,
) -> Result<Kept<Created<AccountBody>>, Refused<CreateAccount>> {
    let Once { body: NewAccount { customer_id, username, password, role }, claim } = once;
    let password_hash = state.hasher.hash(&password).await?;
    let create = CreateAccount { customer_id, username, password_hash, role };
    let present = |made: &AccountWithCustomer| {
        Created::at(format!("/api/v1/accounts/{}", made.account.id), &AccountBody::from(made))
    };
    Ok(admin.runner(&state).run_once(claim, create, present).await?.try_into()?)
}
