use domain::Version;
use domain::carts::{Cart, Line};
use domain::customers::CustomerId;
use domain::products::ProductId;

use crate::{Ctx, Error, Tx, expect_version};

/// Locks a cart for a change and reads it, if it is at the version that the caller expects.
pub async fn touched(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    customer_id: CustomerId,
    expected: Option<Version>,
) -> Result<Cart, Error> {
    let cart = tx.carts().touch(customer_id, ctx.now).await?;
    expect_version(expected, Version(cart.version.0 - 1))?;
    Ok(cart)
}

/// The place of a product in a cart; `Err` is where it would stand.
pub fn place_of(lines: &[Line], product_id: ProductId) -> Result<usize, usize> {
    lines.binary_search_by_key(&product_id, |line| line.product_id)
}

/// What a caller is told who names a product that is not in the cart.
pub const fn not_in_cart() -> Error {
    Error::NotFound("item in the cart")
}
