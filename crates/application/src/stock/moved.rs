use domain::Uuid;
use domain::stock::{Movement, MovementKind, Reason, Stock, StockChange};

use crate::restocks::open_due;
use crate::{Ctx, Error, Tx};

/// What moves stock, and why.
#[derive(Debug, Clone)]
pub struct Cause {
    /// What it comes from.
    pub kind: MovementKind,
    /// The order or restock.
    pub reference: Option<Uuid>,
    /// What somebody said about it.
    pub reason: Option<Reason>,
}

/// Changes stock, records the movements, and opens the restocks that are due then. `changes` name each product once, in
/// order of id, so that no two transactions wait for each other in a circle. `None` if any stock is missing or would
/// leave its bounds; then the transaction must not be committed.
pub async fn moved(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    changes: &[StockChange],
    cause: &Cause,
) -> Result<Option<Vec<Movement>>, Error> {
    let Some(stocks) = tx.stock().change(changes, ctx.now).await? else { return Ok(None) };
    let movement = |(stock, change): (&Stock, &StockChange)| Movement {
        reference: cause.reference,
        reason: cause.reason.clone(),
        ..Movement::to(stock, cause.kind, change.quantity, ctx.now)
    };
    let movements: Vec<_> = stocks.iter().zip(changes).map(movement).collect();
    tx.stock().record(&movements).await?;
    open_due(tx, ctx, &stocks).await?;
    Ok(Some(movements))
}
