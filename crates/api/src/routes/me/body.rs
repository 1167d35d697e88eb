use domain::accounts::AccountWithCustomer;
use domain::customers::Customer;
use paperclip::actix::Apiv2Schema;
use serde::Serialize;

use crate::answer::{Body, Id, Timestamp};

/// An account, with its customer if it has one.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Account")]
pub(crate) struct AccountBody {
    id: Id,
    username: String,
    /// `admin` or `customer`.
    role: &'static str,
    active: bool,
    customer_id: Option<Id>,
    customer: Option<CustomerBody>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// A customer.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Customer")]
pub(crate) struct CustomerBody {
    id: Id,
    name: String,
    email: String,
    phone: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl From<&AccountWithCustomer> for AccountBody {
    fn from(AccountWithCustomer { account, customer }: &AccountWithCustomer) -> Self {
        Self {
            id: Id(account.id.0),
            username: account.username.as_str().to_owned(),
            role: account.role.as_str(),
            active: account.active,
            customer_id: account.customer_id.map(|id| Id(id.0)),
            customer: customer.as_ref().map(CustomerBody::from),
            created_at: Timestamp(account.created_at),
            updated_at: Timestamp(account.updated_at),
            version: account.version.0,
        }
    }
}

impl From<&Customer> for CustomerBody {
    fn from(customer: &Customer) -> Self {
        Self {
            id: Id(customer.id.0),
            name: customer.name.to_string(),
            email: customer.email.as_str().to_owned(),
            phone: customer.phone.as_str().to_owned(),
            created_at: Timestamp(customer.created_at),
            updated_at: Timestamp(customer.updated_at),
            version: customer.version.0,
        }
    }
}

impl Body for AccountBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
