use async_trait::async_trait;
use domain::Version;
use domain::events::Event;
use domain::products::{Product, ProductId};

use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::locked_product;
use crate::{Command, Ctx, Error, Tx};

/// Deletes a product. Orders keep their copy of its name, SKU and price.
#[derive(Debug, Clone)]
pub struct DeleteProduct {
    /// The product. Carts keep their lines of it, which cannot be ordered any more.
    pub id: ProductId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteProduct {
    type Output = ();
    const NAME: &'static str = "products.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let product = locked_product(tx, self.id, self.expected).await?;
        tx.products().delete(self.id).await?;
        append_event(tx, ctx, Event::product_deleted(&product, ctx.shop)).await?;
        audit(tx, ctx, Self::NAME, Some(&product), None::<&Product>).await
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, id, product, run};

    #[tokio::test]
    async fn a_product_is_deleted_only_at_the_version_that_the_caller_saw_r34() {
        for (expected, deleted) in [(1, true), (2, false)] {
            let mut tx = Mocks::default();
            tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
            tx.products.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            tx.expect_events(deleted.then_some(EventType::ProductDeleted));
            let delete = DeleteProduct { id: ProductId(id(1)), expected: Some(Version(expected)) };
            assert_eq!(run(&delete, &mut tx).await.is_ok(), deleted);
        }
    }
}
