//! Payments of an order.

pub(crate) mod capture;
pub(crate) mod list;
pub(crate) mod receive;

use application::Error;
use domain::orders::OrderScope;
use domain::payments::{Payment, PaymentId};

use crate::request::Staff;

const SECTION: &str = "Orders";

/// The payment of the path.
async fn asked(staff: &Staff) -> Result<Payment, Error> {
    let id = staff.id::<PaymentId>("payment")?;
    staff.office.queries.payments.get(id, OrderScope::All).await?.ok_or(Error::NotFound("payment"))
}
