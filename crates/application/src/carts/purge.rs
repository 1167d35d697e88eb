use std::time::Duration;

use async_trait::async_trait;
use domain::customers::CustomerId;

use crate::{Command, Ctx, Error, Tx};

/// Deletes carts that are empty and have not changed for long. The output says how many.
#[derive(Debug, Clone)]
pub struct PurgeCarts {
    /// The owners of the carts.
    pub customer_ids: Vec<CustomerId>,
    /// How long an empty cart is kept.
    pub keep_for: Duration,
}

#[async_trait]
impl Command for PurgeCarts {
    type Output = u64;
    const NAME: &'static str = "carts.purge";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        Ok(tx.carts().purge(&self.customer_ids, ctx.now - self.keep_for).await?)
    }
}
