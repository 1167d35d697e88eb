use domain::events::Event;
use domain::stock::StockChange;

use super::open_due;
use crate::events::append_event;
use crate::{Ctx, Error, Tx};

/// Saves changes of locked stock and opens the restocks that they make due.
pub async fn save_stock_changes(tx: &mut dyn Tx, ctx: &Ctx<'_>, changes: &[StockChange]) -> Result<(), Error> {
    tx.stock().save(changes).await?;
    open_restocks_due_after(tx, ctx, changes).await
}

/// Opens the restocks that changes of stock make due.
pub async fn open_restocks_due_after(tx: &mut dyn Tx, ctx: &Ctx<'_>, changes: &[StockChange]) -> Result<(), Error> {
    for change in changes.iter().filter(|change| change.falls_below_threshold()) {
        append_event(tx, ctx, Event::stock_below_threshold(&change.stock)).await?;
    }
    let stocks: Vec<_> = changes.iter().map(|change| &change.stock).collect();
    open_due(tx, ctx, &stocks).await.map(drop)
}
