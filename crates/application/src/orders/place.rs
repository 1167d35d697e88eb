use async_trait::async_trait;
use domain::carts::Line;
use domain::customers::CustomerId;
use domain::orders::{Items, Order, OrderId, Placement, PlacementError};
use domain::stock::{Sale, Sold};
use domain::{Code, Invalid};

use crate::customers::customer_gone;
use crate::stock::open_restocks_due_after;
use crate::{Command, Conflict, Ctx, Error, Event, Tx};

/// Places an order of all lines, or writes nothing.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// Customer, shipping address and note.
    pub placement: Placement,
    /// The items; `None` orders the lines of the cart and empties it.
    pub items: Option<Items>,
}

#[async_trait]
impl Command for PlaceOrder {
    type Output = Order;
    const NAME: &'static str = "orders.place";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Order, Error> {
        let lines = match &self.items {
            Some(items) => named_lines(tx, self.placement.customer_id, items).await?,
            None => self.cart_lines(tx, ctx).await?,
        };
        let id = OrderId(ctx.ids.next());
        let order = Order::place(id, self.placement.clone(), &lines, ctx.shop, ctx.now).map_err(refuse)?;
        tx.orders().insert(&order).await?;
        tx.outbox().append(ctx.ids.next(), Event::OrderPlaced(id), ctx.now).await?;
        // Last, so that the stock rows, for which buyers compete, are locked for the shortest time.
        if let Sold::Applied(changes) = tx.stock().sell(&Sale::of(&order, &lines)).await? {
            open_restocks_due_after(tx, ctx, &changes).await?;
        }
        Ok(order)
    }
}

impl PlaceOrder {
    /// Empties the cart and returns its lines. The lock of the cart also protects its customer from deletion.
    async fn cart_lines(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Vec<Line>, Error> {
        let lines = tx.carts().take(self.placement.customer_id, ctx.now).await?;
        if lines.is_empty() { Err(Conflict::CartEmpty.into()) } else { Ok(lines) }
    }
}

/// The lines of items. Locks the customer against deletion.
async fn named_lines(tx: &mut dyn Tx, customer_id: CustomerId, items: &Items) -> Result<Vec<Line>, Error> {
    let ids: Vec<_> = items.as_slice().iter().map(|(id, _)| *id).collect();
    let offers = tx.products().offers_to(customer_id, &ids).await?.ok_or_else(customer_gone)?;
    let line = |&(product_id, quantity)| {
        let offer = offers.iter().find(|offer| offer.product_id == product_id).cloned();
        Line { product_id, quantity, offer }
    };
    Ok(items.as_slice().iter().map(line).collect())
}

fn refuse(error: PlacementError) -> Error {
    match error {
        PlacementError::Refused(lines) => Conflict::Lines(lines).into(),
        PlacementError::Overflow => Error::field("items", Invalid::new(Code::TooLarge, "the total is too large")),
    }
}

#[cfg(test)]
mod tests;
