use async_trait::async_trait;
use domain::products::ProductId;
use domain::stock::{Adjustment, Movement, Reason, StockChange};

use super::{lock_stock, save_stock_changes};
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Adjusts the stock of a product by hand.
#[derive(Debug, Clone)]
pub struct AdjustStock {
    /// The product whose stock changes.
    pub product_id: ProductId,
    /// Units to add; negative to remove.
    pub adjustment: Adjustment,
    /// Why, in the words of staff: 1 to 500 characters.
    pub reason: Reason,
}

#[async_trait]
impl Command for AdjustStock {
    type Output = Movement;
    const NAME: &'static str = "stock.adjust";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Movement, Error> {
        let stock = lock_stock(tx, self.product_id).await?;
        let change = stock.adjust(self.adjustment, self.reason.clone(), ctx.now)?;
        save_stock_changes(tx, ctx, std::slice::from_ref(&change)).await?;
        let StockChange { movement, .. } = change;
        audit(tx, ctx, Self::NAME, None, Some(&movement)).await?;
        Ok(movement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, id, moves, run, stock};
    use domain::stock::MovementKind;

    fn adjust(quantity: i64) -> AdjustStock {
        AdjustStock {
            product_id: ProductId(id(9)),
            adjustment: Adjustment::parse(quantity).unwrap(),
            reason: Reason::parse("counted").unwrap(),
        }
    }

    fn on_hand(units: Option<i64>) -> Mocks {
        let mut tx = Mocks::default();
        let locked = move |_: &_| Ok(units.map(|units| stock(9, units)).into_iter().collect());
        tx.stock.expect_lock().once().returning(locked);
        tx
    }

    #[tokio::test]
    async fn an_adjustment_changes_stock_and_records_why_r41_r43() {
        let mut tx = on_hand(Some(7));
        let saves = |changes: &[StockChange]| moves(changes) == [(MovementKind::Adjustment, -4, 3)];
        tx.stock.expect_save().once().withf(saves).returning(|_| Ok(()));
        let made = run(&adjust(-4), &mut tx).await.unwrap();
        assert_eq!((made.quantity, made.balance, made.sequence), (-4, 3, 8));
        assert_eq!(made.reason.unwrap().as_str(), "counted");
    }

    #[tokio::test]
    async fn nothing_is_saved_when_stock_would_fall_below_0_r41() {
        let refused = run(&adjust(-3), &mut on_hand(Some(2))).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::StockBounds { on_hand: 2 })));
    }

    #[tokio::test]
    async fn the_stock_of_an_unknown_product_is_not_found_r41() {
        assert!(matches!(run(&adjust(1), &mut on_hand(None)).await.unwrap_err(), Error::NotFound("product")));
    }
}
