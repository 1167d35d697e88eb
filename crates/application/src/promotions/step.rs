use async_trait::async_trait;
use domain::pricing::PromotionId;
use domain::promotions::{Promotion, PromotionStatus};

use super::update::locked_promotion;
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Activates, pauses or archives a promotion.
#[derive(Debug, Clone)]
pub struct StepPromotion {
    /// The promotion whose status changes.
    pub id: PromotionId,
    /// The next status.
    pub to: PromotionStatus,
}

#[async_trait]
impl Command for StepPromotion {
    type Output = Promotion;
    const NAME: &'static str = "promotions.step";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Promotion, Error> {
        let before = locked_promotion(tx, self.id).await?;
        let refused = |allowed| Conflict::PromotionStep { status: before.status, allowed };
        let promotion = before.step(self.to, ctx.now).map_err(refused)?;
        tx.pricing().raise_version().await?;
        tx.promotions().update(&promotion).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&promotion)).await?;
        Ok(promotion)
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{PROMOTION, actor, known, summer, written};
    use super::*;
    use crate::testing::{run, run_as};

    #[tokio::test]
    async fn a_step_of_a_promotion_is_written_after_the_version_and_audited_r104() {
        let mut tx = written(summer(), |promotion| promotion.status == PromotionStatus::Active);
        tx.audit.expect_append().once().returning(|entry| {
            let status = |status: &str| vec![("status".to_owned(), Some(status.to_owned()))];
            assert_eq!((&entry.before, &entry.after), (&status("draft"), &status("active")));
            Ok(())
        });
        let activate = StepPromotion { id: PROMOTION, to: PromotionStatus::Active };
        assert_eq!(run_as(&activate, &mut tx, &actor()).await.unwrap().status, PromotionStatus::Active);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_status_does_not_allow_the_step_r104() {
        let pause = StepPromotion { id: PROMOTION, to: PromotionStatus::Paused };
        let refused = run(&pause, &mut known(summer())).await.unwrap_err();
        let status = PromotionStatus::Draft;
        let expected = Conflict::PromotionStep { status, allowed: status.next() };
        assert!(matches!(&refused, Error::Conflict(conflict) if *conflict == expected), "{refused:?}");
    }
}
