use domain::events::Event;
use domain::restocks::{Restock, RestockId};
use domain::stock::Stock;

use crate::events::append_event;
use crate::{Ctx, Error, Tx};

/// Opens a restock for each of `stocks` that is below its reorder point and has no open restock. The
/// stocks must be locked.
///
/// # Errors
/// Errors of the store.
pub(crate) async fn open_due(tx: &mut dyn Tx, ctx: &Ctx<'_>, stocks: &[&Stock]) -> Result<Vec<Restock>, Error> {
    let due: Vec<_> = stocks.iter().copied().filter(|stock| stock.below_threshold()).collect();
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = due.iter().map(|stock| stock.product_id).collect();
    let barred = tx.restocks().barred(&ids).await?;
    let wanting = due.into_iter().filter(|stock| !barred.contains(&stock.product_id));
    let restocks: Vec<_> = wanting.map(|stock| Restock::due(RestockId(ctx.ids.next()), stock, ctx.now)).collect();
    if !restocks.is_empty() {
        tx.restocks().insert(&restocks).await?;
        for restock in &restocks {
            append_event(tx, ctx, Event::restock_opened(restock)).await?;
        }
    }
    Ok(restocks)
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{CountingIds, Mocks, ctx, id, stock};
    use domain::products::ProductId;

    async fn opened(stocks: &[Stock], tx: &mut Mocks) -> Vec<(u128, i64)> {
        let ids = CountingIds::default();
        let opened = open_due(tx, &ctx(&ids), &stocks.iter().collect::<Vec<_>>()).await.unwrap();
        opened.iter().map(|restock| (restock.product_id.0.as_u128(), restock.quantity)).collect()
    }

    fn with_policy(product: u128, on_hand: i64) -> Stock {
        Stock { restock_threshold: 5, restock_target: 20, ..stock(product, on_hand) }
    }

    #[tokio::test]
    async fn a_product_below_its_threshold_is_filled_up_to_its_target_unless_it_is_barred_r44() {
        let mut tx = Mocks::default();
        tx.restocks.expect_barred().once().returning(|_| Ok(vec![ProductId(id(2))]));
        tx.restocks.expect_insert().once().withf(|all| all.len() == 1).returning(|_| Ok(()));
        tx.expect_events([EventType::RestockOpened]);
        let stocks = [with_policy(1, 4), with_policy(2, 0), with_policy(3, 5)];
        assert_eq!(opened(&stocks, &mut tx).await, [(1, 16)]);
    }

    #[tokio::test]
    async fn nothing_is_read_or_written_when_no_stock_is_below_its_threshold_r44() {
        assert_eq!(opened(&[with_policy(1, 5), stock(2, 0)], &mut Mocks::default()).await, []);
    }
}
