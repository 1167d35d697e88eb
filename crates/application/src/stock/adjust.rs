use async_trait::async_trait;
use domain::products::ProductId;
use domain::stock::{Adjustment, Movement, MovementKind, Reason, StockChange};

use super::{Cause, moved};
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Changes stock by hand.
#[derive(Debug, Clone)]
pub struct AdjustStock {
    /// The product.
    pub product_id: ProductId,
    /// Units more, or fewer if negative.
    pub adjustment: Adjustment,
    /// Why.
    pub reason: Reason,
}

#[async_trait]
impl Command for AdjustStock {
    type Output = Movement;
    const NAME: &'static str = "stock.adjust";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Movement, Error> {
        let change = StockChange { product_id: self.product_id, quantity: self.adjustment.get() };
        let cause = Cause { kind: MovementKind::Adjustment, reference: None, reason: Some(self.reason.clone()) };
        let Some(movement) = moved(tx, ctx, &[change], &cause).await?.and_then(|mut all| all.pop()) else {
            let stock = tx.stock().lock(self.product_id).await?.ok_or(Error::NotFound("product"))?;
            return Err(Conflict::StockBounds { on_hand: stock.on_hand }.into());
        };
        audit(tx, ctx, Self::NAME, None, Some(&movement)).await?;
        Ok(movement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, id, run, stock};

    fn adjust(quantity: i64) -> AdjustStock {
        AdjustStock {
            product_id: ProductId(id(9)),
            adjustment: Adjustment::parse(quantity).unwrap(),
            reason: Reason::parse("counted").unwrap(),
        }
    }

    #[tokio::test]
    async fn an_adjustment_changes_stock_and_records_why_r41_r43() {
        let mut tx = Mocks::default();
        tx.stock.expect_change().once().returning(|_, _| Ok(Some(vec![stock(9, 3)])));
        tx.stock.expect_record().once().withf(|all| all.len() == 1).returning(|_| Ok(()));
        let made = run(&adjust(-4), &mut tx).await.unwrap();
        assert_eq!((made.quantity, made.balance, made.sequence), (-4, 3, 7));
        assert_eq!(made.reason.unwrap().as_str(), "counted");
    }

    #[tokio::test]
    async fn nothing_is_recorded_when_stock_would_fall_below_0_r41() {
        let mut tx = Mocks::default();
        tx.stock.expect_change().once().returning(|_, _| Ok(None));
        tx.stock.expect_lock().once().returning(|_| Ok(Some(stock(9, 2))));
        let refused = run(&adjust(-3), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::StockBounds { on_hand: 2 })));
    }

    #[tokio::test]
    async fn the_stock_of_an_unknown_product_is_not_found_r41() {
        let mut tx = Mocks::default();
        tx.stock.expect_change().once().returning(|_, _| Ok(None));
        tx.stock.expect_lock().once().returning(|_| Ok(None));
        assert!(matches!(run(&adjust(1), &mut tx).await.unwrap_err(), Error::NotFound("product")));
    }
}
