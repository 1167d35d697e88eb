use async_trait::async_trait;
use domain::Version;
use domain::carts::Cart;
use domain::customers::CustomerId;
use domain::products::ProductId;

use super::lock::lock_cart;
use crate::{Command, Ctx, Error, Tx};

/// Removes a product from a cart.
#[derive(Debug, Clone)]
pub struct RemoveItem {
    /// The owner of the cart.
    pub customer_id: CustomerId,
    /// The product to take out.
    pub product_id: ProductId,
    /// The version of the cart that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for RemoveItem {
    type Output = Cart;
    const NAME: &'static str = "carts.remove_item";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Cart, Error> {
        let mut cart = lock_cart(tx, ctx, self.customer_id, self.expected).await?;
        cart.remove(self.product_id)?;
        tx.carts().remove(self.customer_id, self.product_id).await?;
        Ok(cart)
    }
}

#[cfg(test)]
mod tests {
    use domain::carts::Line;

    use super::*;
    use crate::testing::{Mocks, cart, customer, id, line, run};

    fn remove(product: u128, expected: Option<Version>) -> RemoveItem {
        RemoveItem { customer_id: customer(), product_id: ProductId(id(product)), expected }
    }

    fn at_version_4(lines: Vec<Line>) -> Mocks {
        let mut tx = Mocks::default();
        tx.carts.expect_lock_and_bump().once().return_once(move |_, _| Ok(cart(5, lines)));
        tx
    }

    #[tokio::test]
    async fn removing_a_product_keeps_the_others_r53() {
        let mut tx = at_version_4(vec![line(1, 3, 9), line(2, 3, 9)]);
        tx.carts.expect_remove().once().returning(|_, _| Ok(true));
        let cart = run(&remove(1, None), &mut tx).await.unwrap();
        assert_eq!(cart.lines.iter().map(|line| line.product_id.0).collect::<Vec<_>>(), [id(2)]);
    }

    #[tokio::test]
    async fn nothing_is_removed_when_the_product_is_not_in_the_cart_r53() {
        let mut tx = at_version_4(vec![]);
        assert!(matches!(run(&remove(1, None), &mut tx).await.unwrap_err(), Error::NotFound(_)));
    }

    #[tokio::test]
    async fn nothing_is_removed_when_the_caller_saw_an_older_cart_r53() {
        let stale = run(&remove(1, Some(Version(2))), &mut at_version_4(vec![])).await.unwrap_err();
        assert!(matches!(stale, Error::Stale(Version(4))));
    }
}
