use actix_web::web::Data;
use application::customers::CreateCustomer;
use domain::customers::{Customer, CustomerDetails, CustomerName, EmailAddress, PhoneNumber};
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::CustomerBody;
use crate::answer::{Created, Kept};
use crate::extract::read::text;
use crate::extract::{Admin, Fields, FromFields, Once};
use crate::refused::Refused;
use crate::state::State;

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

/// Make a customer, who cannot log in yet
///
/// `POST /api/v1/accounts` gives the customer an account. No two customers have the same email address, regardless of case.
#[api_v2_operation(tags(Customers), operation_id = "createCustomer")]
pub(crate) async fn create(
    admin: Admin,
    state: Data<State>,
    once: Once<CustomerDetails>,
) -> Result<Kept<Created<CustomerBody>>, Refused<CreateCustomer>> {
    let present = |made: &Customer| Created::at(CustomerBody::location(made), &CustomerBody::from(made));
    Ok(admin.runner(&state).run_once(once.claim, CreateCustomer(once.body), present).await?.try_into()?)
}
