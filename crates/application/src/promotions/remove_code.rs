use std::slice;

use async_trait::async_trait;
use domain::pricing::{CouponKey, PromotionId};

use super::audit::Codes;
use super::update::locked_promotion;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Deletes a code of a promotion, whatever its status. Orders that used it keep what it took off.
#[derive(Debug, Clone)]
pub struct RemoveCode {
    /// The promotion that loses the code.
    pub id: PromotionId,
    /// The code as codes are compared.
    pub key: CouponKey,
}

#[async_trait]
impl Command for RemoveCode {
    type Output = ();
    const NAME: &'static str = "promotions.remove_code";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        locked_promotion(tx, self.id).await?;
        let code = tx.promotions().remove_code(self.id, &self.key).await?.ok_or(Error::NotFound("code"))?;
        let codes = Codes { promotion_id: self.id.0, codes: slice::from_ref(&code) };
        audit(tx, ctx, Self::NAME, Some(&codes), None).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{PROMOTION, actor, known, summer};
    use super::*;
    use crate::testing::{NOW, run, run_as};
    use domain::pricing::CouponText;
    use domain::promotions::{CodeDetails, PromotionCode};

    fn remove() -> RemoveCode {
        RemoveCode { id: PROMOTION, key: CouponKey::from_trusted("SUMMER".to_owned()) }
    }

    #[tokio::test]
    async fn a_deleted_code_is_in_the_audit_log_r105() {
        let mut tx = known(summer());
        tx.promotions.expect_remove_code().once().returning(|id, key| {
            let text = CouponText::parse("summer").unwrap();
            let details = CodeDetails { text, key: key.clone(), usage_limit: None, customer_id: None };
            Ok(Some(PromotionCode::new(id, details, NOW)))
        });
        tx.audit.expect_append().once().returning(|entry| {
            assert_eq!(entry.before, [("codes".to_owned(), Some("summer".to_owned()))]);
            Ok(())
        });
        run_as(&remove(), &mut tx, &actor()).await.unwrap();
    }

    #[tokio::test]
    async fn a_code_that_the_promotion_does_not_have_is_not_found_r105() {
        let mut tx = known(summer());
        tx.promotions.expect_remove_code().once().returning(|_, _| Ok(None));
        assert!(matches!(run(&remove(), &mut tx).await, Err(Error::NotFound("code"))));
    }
}
