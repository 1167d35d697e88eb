use async_trait::async_trait;
use domain::products::ProductId;
use domain::stock::{Adjustment, Movement, MovementKind, Reason, StockChange};

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
        let Some(level) = tx.stock().change(&[change], ctx.now).await?.and_then(|levels| levels.first().copied())
        else {
            let on_hand = tx.stock().on_hand(self.product_id).await?.ok_or(Error::NotFound("product"))?;
            return Err(Conflict::StockBounds { on_hand }.into());
        };
        let movement = Movement::to_level(level, MovementKind::Adjustment, change.quantity, ctx.now);
        let movement = Movement { reason: Some(self.reason.clone()), ..movement };
        tx.stock().record(std::slice::from_ref(&movement)).await?;
        Ok(movement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, id, run};
    use domain::Version;
    use domain::stock::StockLevel;

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
        let level = StockLevel { product_id: ProductId(id(9)), on_hand: 3, version: Version(5) };
        tx.stock.expect_change().once().returning(move |_, _| Ok(Some(vec![level])));
        tx.stock.expect_record().once().withf(|all| all.len() == 1).returning(|_| Ok(()));
        let made = run(&adjust(-4), &mut tx).await.unwrap();
        assert_eq!((made.quantity, made.balance, made.sequence), (-4, 3, 5));
        assert_eq!(made.reason.unwrap().as_str(), "counted");
    }

    #[tokio::test]
    async fn nothing_is_recorded_when_stock_would_fall_below_0_r41() {
        let mut tx = Mocks::default();
        tx.stock.expect_change().once().returning(|_, _| Ok(None));
        tx.stock.expect_on_hand().once().returning(|_| Ok(Some(2)));
        let refused = run(&adjust(-3), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::StockBounds { on_hand: 2 })));
    }

    #[tokio::test]
    async fn the_stock_of_an_unknown_product_is_not_found_r41() {
        let mut tx = Mocks::default();
        tx.stock.expect_change().once().returning(|_, _| Ok(None));
        tx.stock.expect_on_hand().once().returning(|_| Ok(None));
        assert!(matches!(run(&adjust(1), &mut tx).await.unwrap_err(), Error::NotFound("product")));
    }
}
