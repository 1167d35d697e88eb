use actix_web::web::Data;
use application::customers::UpdateCustomer;
use domain::customers::{CustomerChange, CustomerId, CustomerName, EmailAddress, PhoneNumber};
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::CustomerBody;
use crate::answer::Shown;
use crate::extract::read::text;
use crate::extract::{Admin, Body, Fields, FromFields, IfMatch, Path};
use crate::refused::Refused;
use crate::state::State;

impl FromFields for CustomerChange {
    const NAME: &'static str = "CustomerChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(CustomerName::parse));
        let email = fields.change("email", &text(EmailAddress::parse));
        let phone = fields.change("phone", &text(PhoneNumber::parse));
        Some(Self { name: name?, email: email?, phone: phone? })
    }

    fn example() -> Value {
        json!({ "email": "ann.buyer@example.com" })
    }
}

/// Change a customer
///
/// Fields that are not named stay.
#[api_v2_operation(tags(Customers), operation_id = "updateCustomer")]
pub(crate) async fn update(
    admin: Admin,
    state: Data<State>,
    id: Path<CustomerId>,
    expected: IfMatch,
    change: Body<CustomerChange>,
) -> Result<Shown<CustomerBody>, Refused<UpdateCustomer>> {
    let update = UpdateCustomer { id: id.0, change: change.0, expected: expected.0 };
    let customer = admin.runner(&state).run(update).await?;
    Ok(Shown::new(CustomerBody::from(&customer)))
}
