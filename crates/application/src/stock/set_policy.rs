use async_trait::async_trait;
use domain::Version;
use domain::products::ProductId;
use domain::stock::{RestockPolicy, Stock};

use super::lock_stock;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Sets the restock policy of a product: reorder point and target.
#[derive(Debug, Clone)]
pub struct SetRestockPolicy {
    /// The product whose policy changes.
    pub product_id: ProductId,
    /// The reorder point, and the level up to which a restock fills.
    pub policy: RestockPolicy,
    /// The version of the stock that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for SetRestockPolicy {
    type Output = Stock;
    const NAME: &'static str = "stock.set_policy";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Stock, Error> {
        let before = lock_stock(tx, self.product_id).await?;
        expect_version(self.expected, before.version)?;
        let after = before.with_policy(self.policy, ctx.now);
        if after == before {
            return Ok(before);
        }
        tx.stock().set_policy(&after).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&after)).await?;
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, id, run, stock};

    fn set(expected: i64) -> SetRestockPolicy {
        let policy = RestockPolicy::parse(5, 20).unwrap();
        SetRestockPolicy { product_id: ProductId(id(1)), policy, expected: Some(Version(expected)) }
    }

    #[tokio::test]
    async fn a_policy_is_set_only_at_the_version_that_the_caller_saw_r42() {
        let mut tx = Mocks::default();
        tx.stock.expect_lock().once().returning(|_| Ok(vec![stock(1, 3)]));
        tx.stock.expect_set_policy().once().withf(|stock| stock.version == Version(8)).returning(|_| Ok(()));
        let after = run(&set(7), &mut tx).await.unwrap();
        assert_eq!((after.restock_threshold, after.restock_target, after.version), (5, 20, Version(8)));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_policy_is_unchanged_r42() {
        let mut tx = Mocks::default();
        let policed = || Stock { restock_threshold: 5, restock_target: 20, ..stock(1, 3) };
        tx.stock.expect_lock().once().returning(move |_| Ok(vec![policed()]));
        assert_eq!(run(&set(7), &mut tx).await.unwrap(), policed());
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_caller_saw_older_stock_r42() {
        let mut tx = Mocks::default();
        tx.stock.expect_lock().once().returning(|_| Ok(vec![stock(1, 3)]));
        assert!(matches!(run(&set(6), &mut tx).await.unwrap_err(), Error::Stale(Version(7))));
    }
}
