use crate::respond::{Id, Money};
use crate::schema::Apiv2Schema;
use domain::orders::OrderLine;
use domain::pricing::{LineAmounts, PricedItem};
use domain::products::Offer;
use domain::{Quantity, Shop};
use serde::Serialize;

use super::amounts::money;

/// A line of a purchase: the product at the time of the purchase.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "OrderItem")]
pub(crate) struct ItemBody {
    product_id: Id,
    sku: Option<String>,
    name: String,
    unit_price: Money,
    quantity: i64,
    line_total: Money,
    /// What promotions take off.
    discount: Money,
    tax: Money,
    /// Without tax.
    net: Money,
    /// What is paid for it.
    gross: Money,
}

impl ItemBody {
    /// The line of an order.
    pub(crate) fn ordered(line: &OrderLine, amounts: LineAmounts) -> Self {
        let money = |amount| money(amount, line.line_total.currency);
        Self {
            product_id: Id(line.product_id.0),
            sku: line.sku.as_ref().map(ToString::to_string),
            name: line.name.to_string(),
            unit_price: line.unit_price.into(),
            quantity: line.quantity.get(),
            line_total: line.line_total.into(),
            discount: money(amounts.discount),
            tax: money(amounts.tax),
            net: money(amounts.net),
            gross: money(amounts.gross),
        }
    }

    /// The line of a quote: units of an offer.
    pub(super) fn quoted((quantity, offer): (Quantity, &Offer), priced: &PricedItem, shop: Shop) -> Self {
        let line = OrderLine {
            product_id: offer.product_id,
            sku: offer.sku.clone(),
            name: offer.name.clone(),
            unit_price: shop.money(offer.price),
            quantity,
            line_total: domain::Money { amount: priced.amount, currency: shop.currency },
        };
        Self::ordered(&line, priced.into())
    }
}
