use crate::example;
use crate::respond::{Body, Id, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::customers::{Customer, CustomerId, Exemption};
use serde::Serialize;

/// A customer.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Customer")]
pub(crate) struct CustomerBody {
    id: Id,
    name: String,
    email: String,
    phone: String,
    /// Why the customer owes no tax: `reverse_charge`, `exempt` or `export`; null if it owes it.
    tax_exempt: Option<&'static str>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl CustomerBody {
    pub(super) fn location(customer: &Customer) -> String {
        format!("/api/v1/customers/{}", customer.id)
    }
}

impl From<&Customer> for CustomerBody {
    fn from(customer: &Customer) -> Self {
        Self {
            id: Id(customer.id.0),
            name: customer.name.to_string(),
            email: customer.email.as_str().to_owned(),
            phone: customer.phone.as_str().to_owned(),
            tax_exempt: customer.tax_exempt.map(Exemption::as_str),
            created_at: Timestamp(customer.created_at),
            updated_at: Timestamp(customer.updated_at),
            version: customer.version.0,
        }
    }
}

impl ResponseBody for CustomerBody {
    fn example() -> Self {
        Self::from(&example::customer())
    }
}

impl Body for CustomerBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn personal_to(&self) -> Option<CustomerId> {
        Some(CustomerId(self.id.0))
    }
}
