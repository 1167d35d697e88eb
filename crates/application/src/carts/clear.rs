use async_trait::async_trait;
use domain::Version;
use domain::customers::CustomerId;

use crate::{Command, Ctx, Error, Tx, expect_version};

/// Takes everything out of a cart.
#[derive(Debug, Clone)]
pub struct ClearCart {
    /// Whose cart.
    pub customer_id: CustomerId,
    /// The version of the cart that the caller saw.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for ClearCart {
    type Output = ();
    const NAME: &'static str = "carts.clear";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let version = tx.carts().touch(self.customer_id, ctx.now).await?;
        expect_version(self.expected, Version(version.0 - 1))?;
        Ok(tx.carts().clear(self.customer_id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, customer, run};

    fn clear(expected: i64) -> ClearCart {
        ClearCart { customer_id: customer(), expected: Some(Version(expected)) }
    }

    #[tokio::test]
    async fn a_cart_is_cleared_at_the_version_that_the_caller_saw_r54() {
        let mut tx = Mocks::default();
        tx.carts.expect_touch().once().returning(|_, _| Ok(Version(5)));
        tx.carts.expect_clear().once().returning(|_| Ok(()));
        run(&clear(4), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_cleared_when_the_caller_saw_an_older_cart_r54() {
        let mut tx = Mocks::default();
        tx.carts.expect_touch().once().returning(|_, _| Ok(Version(5)));
        assert!(matches!(run(&clear(3), &mut tx).await.unwrap_err(), Error::Stale(Version(4))));
    }
}
