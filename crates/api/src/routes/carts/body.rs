use crate::example;
use crate::respond::{Body, Id, Money, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::carts::{Cart, Line};
use domain::{Money as Amount, Shop};
use serde::Serialize;

/// What a customer is about to order, at today's prices.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Cart")]
pub(crate) struct CartBody {
    items: Vec<CartItem>,
    /// The units of all items.
    item_count: i64,
    subtotal: Money,
    version: i64,
    /// Null if nothing was ever put into it.
    updated_at: Option<Timestamp>,
}

/// A line of a cart. A product that is gone has neither name nor price.
#[derive(Serialize, Apiv2Schema)]
pub(crate) struct CartItem {
    product_id: Id,
    name: Option<String>,
    unit_price: Option<Money>,
    quantity: i64,
    line_total: Option<Money>,
    /// Whether this many could be ordered now.
    in_stock: bool,
}

impl CartBody {
    pub(crate) fn of(cart: &Cart, shop: Shop) -> Self {
        Self {
            items: cart.lines.iter().map(|line| CartItem::of(line, shop)).collect(),
            item_count: cart.lines.iter().map(|line| line.quantity.get()).sum(),
            subtotal: subtotal(cart, shop).into(),
            version: cart.version.0,
            updated_at: cart.updated_at.map(Timestamp),
        }
    }
}

impl CartItem {
    fn of(line: &Line, shop: Shop) -> Self {
        let offer = line.offer.as_ref();
        Self {
            product_id: Id(line.product_id.0),
            name: offer.map(|offer| offer.name.to_string()),
            unit_price: offer.map(|offer| shop.money(offer.price).into()),
            quantity: line.quantity.get(),
            line_total: total(line, shop).map(Into::into),
            in_stock: line.orderable().is_ok(),
        }
    }
}

fn total(line: &Line, shop: Shop) -> Option<Amount> {
    shop.money(line.offer.as_ref()?.price).times(line.quantity.get()).ok()
}

/// 100 lines of 999 units at the highest price fit 90 times into 64 bits.
fn subtotal(cart: &Cart, shop: Shop) -> Amount {
    let totals = cart.lines.iter().filter_map(|line| total(line, shop));
    Amount::sum(shop.currency, totals).unwrap_or(Amount::zero(shop.currency))
}

impl ResponseBody for CartBody {
    fn example() -> Self {
        Self::of(&example::cart(), example::shop())
    }
}

impl Body for CartBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
