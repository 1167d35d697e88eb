use std::sync::Arc;

use async_trait::async_trait;
use domain::carts::Line;
use domain::checkout::{ExpectedTotal, GivenCodes, OfferedPromotions, Purchase};
use domain::customers::CustomerId;
use domain::events::Event;
use domain::orders::{Items, Order, OrderBalance, OrderId, Placement, PlacementError};
use domain::pricing::{Buyer, MethodCode, PriceBook, Priced};
use domain::promotions::{Offered, Redeemed, Redemption};
use domain::stock::{Sale, Sold};
use domain::{Code, Invalid, PricingSnapshot};

use crate::checkout::{book_at, refuse_codes, refuse_problems, refuse_total, refuse_unpriced};
use crate::customers::customer_gone;
use crate::events::append_event;
use crate::promotions::append_exhausted;
use crate::stock::open_restocks_due_after;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Places an order of all lines, or writes nothing.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// Customer, shipping address and note.
    pub placement: Placement,
    /// The items; `None` orders the lines of the cart and empties it.
    pub items: Option<Items>,
    /// The shipping method that the buyer chose, by its code.
    pub method: Option<MethodCode>,
    /// The codes of promotions that the buyer typed.
    pub codes: GivenCodes,
    /// The total that the buyer saw.
    pub expected_total: Option<ExpectedTotal>,
    /// The price book of when the order came.
    pub book: Arc<PriceBook>,
}

#[async_trait]
impl Command for PlaceOrder {
    type Output = Order;
    const NAME: &'static str = "orders.place";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Order, Error> {
        self.expect_verified(tx, ctx).await?;
        let (lines, snapshot) = match &self.items {
            Some(items) => named_lines(tx, self.placement.customer_id, items).await?,
            None => self.cart_lines(tx, ctx).await?,
        };
        let id = OrderId(ctx.ids.next());
        let order = Order::place(id, self.placement.clone(), &lines, ctx.shop, ctx.now).map_err(refuse)?;
        let book = book_at(tx, &self.book, snapshot).await?;
        let offered = self.offered(tx, &book).await?;
        let buyer = self.buyer(tx, snapshot, &offered).await?;
        let priced = self.price(&lines, buyer, &offered, &book, ctx)?;
        let order = self.on_terms(tx, ctx, order.priced(&priced)).await?;
        tx.orders().insert(&order).await?;
        append_event(tx, ctx, Event::order_placed(&order)).await?;
        redeem(tx, ctx, &offered.redemptions(id, order.customer_id, &priced.outcomes, ctx.now)).await?;
        // Last, so that the stock rows, for which buyers compete, are locked for the shortest time.
        if let Sold::Applied(changes) = tx.stock().sell(&Sale::of(&order, &lines)).await? {
            open_restocks_due_after(tx, ctx, &changes).await?;
        }
        Ok(order)
    }
}

impl PlaceOrder {
    /// Refuses a customer who has not proved its address, in a shop that wants that.
    async fn expect_verified(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        if ctx.requires_verified_email && !tx.mails().has_verified(self.placement.customer_id).await? {
            return Err(Error::EmailUnverified);
        }
        Ok(())
    }

    /// Empties the cart and returns its lines. The lock of the cart also protects its customer from deletion.
    async fn cart_lines(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(Vec<Line>, PricingSnapshot), Error> {
        let (lines, snapshot) = tx.carts().take(self.placement.customer_id, ctx.now).await?;
        if lines.is_empty() { Err(Conflict::CartEmpty.into()) } else { Ok((lines, snapshot)) }
    }

    /// The order with its balance, if it has to be paid first. Refuses a customer who has too many unpaid orders,
    /// because each takes units from stock.
    async fn on_terms(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, order: Order) -> Result<Order, Error> {
        let Some(balance) = OrderBalance::owed_by(&order, ctx.payments) else { return Ok(order) };
        if ctx.payments.limits_unpaid(ctx.actor.is_some()) {
            // An order of a cart has locked only the cart so far. This locks the customer, too.
            let unpaid = tx.payments().unpaid_orders(order.customer_id).await?;
            if !ctx.payments.allows_another(unpaid) {
                return Err(Conflict::UnpaidOrders(ctx.payments.max_unpaid).into());
            }
        }
        Ok(Order { balance: Some(balance), ..order })
    }

    /// The promotions that the order may get, as they are now.
    async fn offered(&self, tx: &mut dyn Tx, book: &PriceBook) -> Result<OfferedPromotions, Error> {
        let (keys, limited) = (self.codes.keys(), OfferedPromotions::limited(book));
        if keys.is_empty() && limited.is_empty() {
            return Ok(OfferedPromotions::new(book, Offered::default()));
        }
        let offered = tx.promotions().offered(&keys, &limited, self.placement.customer_id).await?;
        Ok(OfferedPromotions::new(book, offered))
    }

    /// The buyer. Whether this is a first order is read only if a promotion depends on it. Then the customer is locked,
    /// because two orders at once would both count as the first.
    async fn buyer(
        &self,
        tx: &mut dyn Tx,
        snapshot: PricingSnapshot,
        offered: &OfferedPromotions,
    ) -> Result<Buyer, Error> {
        let customer_id = self.placement.customer_id;
        let mut is_first_order = offered.ask_for_first_order();
        if is_first_order {
            tx.customers().lock(customer_id).await?.ok_or_else(customer_gone)?;
            is_first_order = !tx.orders().has_any(customer_id).await?;
        }
        Ok(Buyer { customer_id: Some(customer_id), is_first_order, exemption: snapshot.exemption })
    }

    /// The price of the order. Refuses an order that has problems, or whose total is not the expected total.
    fn price(
        &self,
        lines: &[Line],
        buyer: Buyer,
        offered: &OfferedPromotions,
        book: &PriceBook,
        ctx: &Ctx<'_>,
    ) -> Result<Priced, Error> {
        let purchase = Purchase {
            lines,
            address: self.placement.shipping_address.as_ref(),
            method: self.method.as_ref(),
            buyer,
            candidates: &offered.candidates(),
            now: ctx.now,
        };
        let priced = purchase.price(book).map_err(|error| refuse_unpriced(error, purchase.address.is_some()))?;
        refuse_problems(&purchase.problems(&priced))?;
        refuse_codes(&offered.outcomes(&self.codes, &priced.outcomes))?;
        let refused = ExpectedTotal::check(self.expected_total, &priced, book);
        refused.map_err(|refused| refuse_total(refused, priced.totals, ctx.shop.currency))?;
        Ok(priced)
    }
}

/// Counts the uses of promotions. If one has run out since it was read, the order is priced again.
async fn redeem(tx: &mut dyn Tx, ctx: &Ctx<'_>, redemptions: &[Redemption]) -> Result<(), Error> {
    if redemptions.is_empty() {
        return Ok(());
    }
    match tx.promotions().redeem(redemptions).await? {
        Redeemed::Deferred | Redeemed::Applied => append_exhausted(tx, ctx, redemptions).await,
        Redeemed::Exhausted(_) => Err(Error::raced("a promotion has run out")),
    }
}

/// The lines of items, and what their prices depend on. Locks the customer against deletion.
async fn named_lines(
    tx: &mut dyn Tx,
    customer_id: CustomerId,
    items: &Items,
) -> Result<(Vec<Line>, PricingSnapshot), Error> {
    let ids: Vec<_> = items.as_slice().iter().map(|(id, _)| *id).collect();
    let (offers, snapshot) = tx.products().offers_to(customer_id, &ids).await?.ok_or_else(customer_gone)?;
    Ok((items.lines(&offers), snapshot))
}

fn refuse(error: PlacementError) -> Error {
    match error {
        PlacementError::Refused(lines) => Conflict::Lines(lines).into(),
        PlacementError::Overflow => Error::field("items", Invalid::new(Code::TooLarge, "the total is too large")),
    }
}

#[cfg(test)]
mod price_tests;
#[cfg(test)]
mod tests;
