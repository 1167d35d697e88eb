use std::sync::Arc;

use application::customers::UpdateCustomer;
use domain::customers::{CustomerChange, CustomerId, CustomerName, EmailAddress, Exemption, PhoneNumber};
use serde_json::{Value, json};

use super::TAG;
use super::body::CustomerBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

/// What customers may change of themselves.
impl FromFields for CustomerChange {
    const NAME: &'static str = "CustomerChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(CustomerName::parse));
        let email = fields.change("email", &text(EmailAddress::parse));
        let phone = fields.change("phone", &text(PhoneNumber::parse));
        Some(Self { name: name?, email: email?, phone: phone?, tax_exempt: None })
    }

    fn example() -> Value {
        json!({ "email": "ann.buyer@example.com" })
    }
}

/// What staff may change of customers.
pub(crate) struct ManagedChange(CustomerChange);

impl FromFields for ManagedChange {
    const NAME: &'static str = "ManagedCustomerChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let change = CustomerChange::from_fields(fields);
        let tax_exempt = fields.change_or_clear("tax_exempt", &text(Exemption::parse));
        Some(Self(CustomerChange { tax_exempt: tax_exempt?, ..change? }))
    }

    fn example() -> Value {
        CustomerChange::example()
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateCustomer",
    "Change a customer",
    "Fields that are not named stay. `tax_exempt` says why the customer owes no tax; null that it owes it.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<CustomerId>,
    expected: IfMatch,
    change: Body<ManagedChange>,
) -> Result<Resource<CustomerBody>, Problem> {
    let update = UpdateCustomer { id: id.0, change: change.0.0, expected: expected.0 };
    let customer = staff.runner(&state).run(update).await?;
    Ok(Resource(CustomerBody::from(&customer)))
}
