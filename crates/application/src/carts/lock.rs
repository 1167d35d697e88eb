use domain::carts::{Cart, CartRefusal};
use domain::customers::CustomerId;
use domain::{Code, Invalid, Version};

use crate::{Conflict, Ctx, Error, Tx, expect_version};

/// Locks a cart for a change.
///
/// # Errors
/// [`Error::Stale`] if it is not at the expected version.
pub async fn lock_cart(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    customer_id: CustomerId,
    expected: Option<Version>,
) -> Result<Cart, Error> {
    let cart = tx.carts().lock_and_bump(customer_id, ctx.now).await?;
    expect_version(expected, Version(cart.version.0 - 1))?;
    Ok(cart)
}

impl From<CartRefusal> for Error {
    fn from(refusal: CartRefusal) -> Self {
        match refusal {
            CartRefusal::NotForSale => {
                Self::field("product_id", Invalid::new(Code::NotFound, "must name a product that is for sale"))
            }
            CartRefusal::OnlyFewer(quantity) => {
                let message = format!("must be at most {}, since the product is no longer for sale", quantity.get());
                Self::field("quantity", Invalid::new(Code::TooLarge, message))
            }
            CartRefusal::LineFull(quantity) => Conflict::CartLineFull { quantity: quantity.get() }.into(),
            CartRefusal::Full => Conflict::CartFull.into(),
            CartRefusal::NotInCart => Self::NotFound("item in the cart"),
        }
    }
}
