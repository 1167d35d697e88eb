use domain::customers::CustomerId;

use crate::{Error, Tx};

/// Locks a customer for whom something is written that must go when the customer goes.
///
/// # Errors
/// [`Error::Unauthenticated`] if the customer was deleted while the request was on its way.
pub async fn hold_customer(tx: &mut dyn Tx, id: CustomerId) -> Result<(), Error> {
    let customer = tx.customers().lock(id).await?;
    customer.map(drop).ok_or_else(customer_gone)
}

/// The error for a caller whose customer was deleted while the request was on its way.
pub const fn customer_gone() -> Error {
    Error::Unauthenticated("the account was deleted")
}
