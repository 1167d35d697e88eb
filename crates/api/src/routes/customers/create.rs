use actix_web::web::Data;
use application::customers::CreateCustomer;
use domain::customers::{Customer, CustomerDetails, CustomerName, EmailAddress, PhoneNumber};
use paperclip::actix::api_v2_operation;

use super::body::CustomerBody;
use crate::answer::{Created, Kept};
use crate::extract::read::text;
use crate::extract::{Admin, Fields, FromFields, Once};
use crate::problem::Problem;
use crate::state::State;

impl FromFields for CustomerDetails {
    const NAME: &'static str = "NewCustomer";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(CustomerName::parse));
        let email = fields.required("email", &text(EmailAddress::parse));
        let phone = fields.required("phone", &text(PhoneNumber::parse));
        Some(Self { name: name?, email: email?, phone: phone? })
    }
}

/// Make a customer, who cannot log in yet
#[api_v2_operation(tags(Customers), operation_id = "createCustomer")]
pub(crate) async fn create(
    admin: Admin,
    state: Data<State>,
    once: Once<CustomerDetails>,
) -> Result<Kept<Created<CustomerBody>>, Problem> {
    let present = |made: &Customer| Created::at(CustomerBody::location(made), &CustomerBody::from(made));
    Ok(admin.runner(&state).run_once(once.claim, CreateCustomer(once.body), present).await?.into())
}
