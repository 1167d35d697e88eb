//! The payments of an order, as use cases of orders and of payments change them.

use domain::Uuid;
use domain::events::Event;
use domain::orders::OrderId;
use domain::payments::{Act, OrderPayments, PaymentsUpdate, PaymentsUpdated};

use crate::events::append_event;
use crate::{Ctx, Error, Tx};

/// Locks the balance of an order that has one.
///
/// # Errors
/// [`Error::NotFound`] if it has none.
pub async fn lock_payments(tx: &mut dyn Tx, order_id: OrderId) -> Result<OrderPayments, Error> {
    tx.payments().lock(order_id).await?.ok_or(Error::NotFound("payment"))
}

/// Works a change of locked payments out.
pub fn change<T>(
    ctx: &Ctx<'_>,
    before: &OrderPayments,
    change: impl FnOnce(&mut PaymentsUpdate<'_>) -> T,
) -> (PaymentsUpdated, T) {
    let new_id = || -> Uuid { ctx.ids.next() };
    let by = ctx.actor.map(|actor| actor.who.id());
    let act = Act { now: ctx.now, new_id: &new_id, by, settings: ctx.payments };
    let mut update = PaymentsUpdate::new(before.clone(), act);
    let output = change(&mut update);
    (update.finish(), output)
}

/// Writes what has changed, and appends the events.
pub async fn save(tx: &mut dyn Tx, ctx: &Ctx<'_>, updated: &PaymentsUpdated) -> Result<(), Error> {
    if !updated.changes.is_empty() {
        tx.payments().save(&updated.changes).await?;
    }
    for happened in &updated.events {
        if let Some(event) = Event::of_payments(*happened, &updated.payments, ctx.shop.currency) {
            append_event(tx, ctx, event).await?;
        }
    }
    Ok(())
}
