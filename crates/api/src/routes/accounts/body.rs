use domain::UtcDateTime;
use domain::access::{Noun, Scope};
use domain::accounts::AccountWithCustomer;
use domain::customers::CustomerId;
use serde::Serialize;

use crate::example;
use crate::extract::Staff;
use crate::respond::{Body, Id, Timestamp};
use crate::routes::customers::CustomerBody;
use crate::schema::{Apiv2Schema, ResponseBody};

/// An account, with its customer if it has one.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Account")]
pub(crate) struct AccountBody {
    id: Id,
    username: String,
    /// `admin`, `customer`, `clerk`, `catalogue`, `viewer`, or a role of the shop's own.
    role: String,
    active: bool,
    customer_id: Option<Id>,
    /// Null without the scope `customers:read`.
    customer: Option<CustomerBody>,
    /// When the caller has proved that the email address is its own; null in a shop that sends no mail.
    email_verified_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    /// The version in its tag.
    #[serde(skip)]
    tag: i64,
}

impl AccountBody {
    /// The account as its holder sees it. What the holder can change is the customer, so the tag has its version.
    pub(crate) fn own(found: &AccountWithCustomer) -> Self {
        let body = Self::from(found);
        Self { tag: found.customer.as_ref().map_or(body.tag, |customer| customer.version.0), ..body }
    }

    /// The account as staff see it: its customer only with the scope to see customers.
    pub(super) fn seen_by(staff: &Staff) -> impl Fn(&AccountWithCustomer) -> Self + Send + Sync + 'static {
        let sees_customers = staff.may(Scope::Read(Noun::Customers));
        move |found| {
            let body = Self::from(found);
            Self { customer: body.customer.filter(|_| sees_customers), ..body }
        }
    }

    /// The account with when the address of its customer was proved.
    pub(crate) fn verified(self, at: Option<UtcDateTime>) -> Self {
        Self { email_verified_at: at.map(Timestamp), ..self }
    }
}

impl From<&AccountWithCustomer> for AccountBody {
    fn from(AccountWithCustomer { account, customer }: &AccountWithCustomer) -> Self {
        Self {
            id: Id(account.id.0),
            username: account.username.as_str().to_owned(),
            role: account.role.as_str().to_owned(),
            active: account.active,
            customer_id: account.customer_id.map(|id| Id(id.0)),
            customer: customer.as_ref().map(CustomerBody::from),
            email_verified_at: None,
            created_at: Timestamp(account.created_at),
            updated_at: Timestamp(account.updated_at),
            version: account.version.0,
            tag: account.version.0,
        }
    }
}

impl ResponseBody for AccountBody {
    fn example() -> Self {
        Self::from(&example::account())
    }
}

impl Body for AccountBody {
    fn version(&self) -> Option<i64> {
        Some(self.tag)
    }

    fn personal_to(&self) -> Option<CustomerId> {
        self.customer_id.map(|id| CustomerId(id.0))
    }
}
