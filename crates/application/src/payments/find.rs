use domain::orders::OrderScope;
use domain::payments::{PaymentKey, PaymentOfOrder};

use crate::{Error, Tx};

/// The payment with this key.
///
/// # Errors
/// [`Error::NotFound`] if it does not exist or its order is not within `scope`.
pub(super) async fn find_payment(
    tx: &mut dyn Tx,
    key: &PaymentKey,
    scope: OrderScope,
) -> Result<PaymentOfOrder, Error> {
    let what = match key {
        PaymentKey::Payment(_) | PaymentKey::Reference(..) => "payment",
        PaymentKey::Operation(_) => "operation",
        PaymentKey::Refund(_) => "refund",
    };
    tx.payments().find(key, scope).await?.ok_or(Error::NotFound(what))
}
