use async_trait::async_trait;
use domain::Uuid;
use domain::accounts::AccountId;
use domain::events::Event;
use domain::keys::Principal;

use crate::audit_trail::audit;
use crate::events::append_event;
use crate::{Actor, Command, Ctx, Error, Tx};

/// Gives up to `limit` products the status that their times want: some begin to be for sale, others end to be.
#[derive(Debug, Clone, Copy)]
pub struct MoveScheduled {
    /// How many products are changed at most.
    pub limit: u64,
}

#[async_trait]
impl Command for MoveScheduled {
    /// The number of products that were found.
    type Output = u64;
    const NAME: &'static str = "products.schedule";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        let due = tx.products().due(ctx.now, self.limit).await?;
        // It is the server that acts, and no request.
        let server = Actor { who: Principal::Account(AccountId(Uuid::nil())), request_id: Self::NAME.to_owned() };
        let ctx = Ctx { actor: Some(&server), ..*ctx };
        for id in &due {
            let Some(before) = tx.products().lock(*id).await? else { continue };
            let product = before.on_time(ctx.now);
            if product != before {
                tx.products().update(&product).await?;
                append_event(tx, &ctx, Event::product_updated(&product, ctx.shop)).await?;
                audit(tx, &ctx, Self::NAME, Some(&before), Some(&product)).await?;
            }
        }
        Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::events::EventType;
    use domain::products::{Product, ProductId, ProductStatus};

    use super::*;
    use crate::testing::{Mocks, NOW, id, product, run};

    fn scheduled(n: u128, seconds: i32) -> Product {
        let mut product = product(n);
        product.status = ProductStatus::Scheduled;
        let by = Duration::from_secs(seconds.unsigned_abs().into());
        product.particulars.available_from = Some(if seconds < 0 { NOW - by } else { NOW + by });
        product
    }

    #[tokio::test]
    async fn a_due_schedule_changes_the_status_with_event_and_audit_and_a_changed_one_does_not_r216() {
        let mut tx = Mocks::default();
        let ids = || vec![ProductId(id(1)), ProductId(id(2)), ProductId(id(3))];
        tx.products.expect_due().once().withf(|now, limit| *now == NOW && *limit == 5).returning(move |_, _| Ok(ids()));
        tx.products.expect_lock().times(3).returning(|locked| {
            Ok(match locked.0 {
                one if one == id(1) => Some(scheduled(1, -1)),
                // Somebody moved its time in between, or deleted it.
                two if two == id(2) => Some(scheduled(2, 1)),
                _ => None,
            })
        });
        let is_active = |product: &Product| product.id.0 == id(1) && product.status == ProductStatus::Active;
        tx.products.expect_update().once().withf(is_active).returning(|_| Ok(()));
        tx.expect_events([EventType::ProductUpdated]);
        tx.audit.expect_append().once().withf(|entry| entry.actor.who.id().is_nil()).returning(|_| Ok(()));
        assert_eq!(run(&MoveScheduled { limit: 5 }, &mut tx).await.unwrap(), 3);
    }
}
