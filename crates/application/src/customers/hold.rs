use domain::customers::CustomerId;

use crate::{Error, Tx};

/// Locks a customer, so that it is not deleted while data that belongs to it is written.
///
/// # Errors
/// [`Error::Unauthenticated`] if the customer has been deleted since the caller was identified.
pub async fn hold_customer(tx: &mut dyn Tx, id: CustomerId) -> Result<(), Error> {
    let customer = tx.customers().lock(id).await?;
    customer.map(drop).ok_or_else(customer_gone)
}

/// The error for a caller whose customer has been deleted since the caller was identified.
pub const fn customer_gone() -> Error {
    Error::Unauthenticated("the account was deleted")
}
