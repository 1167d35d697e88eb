use async_trait::async_trait;
use domain::Version;
use domain::customers::CustomerId;

use super::lock::lock_cart;
use crate::{Command, Ctx, Error, Tx};

/// Empties a cart.
#[derive(Debug, Clone)]
pub struct ClearCart {
    /// The owner of the cart.
    pub customer_id: CustomerId,
    /// The version of the cart that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for ClearCart {
    type Output = ();
    const NAME: &'static str = "carts.clear";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        lock_cart(tx, ctx, self.customer_id, self.expected).await?;
        Ok(tx.carts().clear(self.customer_id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, cart, customer, run};

    fn clear(expected: i64) -> ClearCart {
        ClearCart { customer_id: customer(), expected: Some(Version(expected)) }
    }

    #[tokio::test]
    async fn a_cart_is_cleared_at_the_version_that_the_caller_saw_r54() {
        let mut tx = Mocks::default();
        tx.carts.expect_lock_and_bump().once().returning(|_, _| Ok(cart(5, vec![])));
        tx.carts.expect_clear().once().returning(|_| Ok(()));
        run(&clear(4), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_cleared_when_the_caller_saw_an_older_cart_r54() {
        let mut tx = Mocks::default();
        tx.carts.expect_lock_and_bump().once().returning(|_, _| Ok(cart(5, vec![])));
        assert!(matches!(run(&clear(3), &mut tx).await.unwrap_err(), Error::Stale(Version(4))));
    }
}
