//! Customers.

pub(crate) mod edit;
pub(crate) mod erase;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod show;

use application::Error;
use domain::customers::{Customer, CustomerId, Exemption};

use crate::request::Staff;

const SECTION: &str = "Customers";

/// Why a customer owes no tax, as people say it.
const EXEMPTIONS: [(&str, &str); 4] = [
    ("", "Owes tax"),
    (Exemption::ReverseCharge.as_str(), "Reverse charge: pays it to the state"),
    (Exemption::Exempt.as_str(), "Exempt from tax"),
    (Exemption::Export.as_str(), "Export"),
];

/// The customer of the path.
async fn asked(staff: &Staff) -> Result<Customer, Error> {
    let id = staff.id::<CustomerId>("customer")?;
    staff.office.queries.customers.get(id).await?.ok_or(Error::NotFound("customer"))
}
