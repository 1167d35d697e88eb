use async_trait::async_trait;
use domain::pages::PageTextsChange;
use domain::products::{ProductChange, ProductId};

use super::update::changed_product;
use crate::known::locked_product;
use crate::{Command, Ctx, Error, Tx};

/// Changes many products in one transaction.
#[derive(Debug, Clone)]
pub struct ReviseProducts(Vec<(ProductId, ProductChange)>);

impl ReviseProducts {
    /// Sorts the changes by id, the order in which products are locked, so that two of these commands cannot deadlock.
    pub fn new(mut changes: Vec<(ProductId, ProductChange)>) -> Self {
        changes.sort_unstable_by_key(|(id, _)| *id);
        Self(changes)
    }
}

#[async_trait]
impl Command for ReviseProducts {
    type Output = ();
    const NAME: &'static str = "products.revise";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        for (id, change) in &self.0 {
            let before = locked_product(tx, *id, None).await?;
            changed_product(tx, ctx, Self::NAME, before, (change, &PageTextsChange::default())).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, id, product, run};
    use domain::Price;

    fn dearer() -> ReviseProducts {
        let change = ProductChange { price: Price::parse(200).ok(), ..ProductChange::default() };
        ReviseProducts::new([2, 1].map(|n| (ProductId(id(n)), change.clone())).to_vec())
    }

    #[tokio::test]
    async fn products_are_locked_in_order_of_id_and_each_is_changed_r33() {
        let (mut tx, mut order) = (Mocks::default(), mockall::Sequence::new());
        for n in [1, 2] {
            let this = move |locked: &ProductId| *locked == ProductId(id(n));
            let lock = tx.products.expect_lock().once().in_sequence(&mut order).withf(this);
            lock.returning(move |_| Ok(Some(product(n))));
            let update = tx.products.expect_update().once().in_sequence(&mut order);
            update.withf(|product| product.price.amount() == 200).returning(|_| Ok(()));
            tx.prices.expect_record().once().in_sequence(&mut order).returning(|_| Ok(()));
        }
        tx.expect_events([EventType::ProductUpdated, EventType::ProductUpdated]);
        run(&dearer(), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_deleted_product_fails_the_whole_revision_r33() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(None));
        assert!(matches!(run(&dearer(), &mut tx).await.unwrap_err(), Error::NotFound("product")));
    }
}
