use domain::orders::Order;

use crate::{Error, Tx};

/// Refuses a text about an order whose customer is erased. The order is locked, which whoever erases its customer needs too.
///
/// # Errors
/// [`Conflict::NotEdited`](crate::Conflict::NotEdited).
pub(crate) async fn expect_takes_text(tx: &mut dyn Tx, order: &Order) -> Result<(), Error> {
    let known = tx.customers().known(&[order.customer_id]).await?;
    Ok(order.expect_takes_text(&known)?)
}
