use std::sync::Arc;

use application::Error;
use domain::orders::{Order, OrderId, OrderScope};
use serde::Serialize;

use super::TAG;
use super::body::AddressBody;
use crate::context::State;
use crate::example;
use crate::extract::{Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Id, NoStore, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};

/// What goes into the parcel of an order, without prices.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PackingSlip")]
pub(crate) struct SlipBody {
    /// What the shop is called in its mails, or the host of `shop.public_url`; null if the settings have neither.
    shop: Option<String>,
    order_id: Id,
    number: Option<String>,
    placed_at: Timestamp,
    shipping_address: Option<AddressBody>,
    items: Vec<SlipItemBody>,
    /// The note of the customer.
    note: Option<String>,
}

/// What to pack of a product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PackingSlipItem")]
struct SlipItemBody {
    sku: Option<String>,
    name: String,
    /// Units to pack: all that were ordered, and none of a cancelled order.
    quantity: i64,
}

impl SlipBody {
    fn new(order: &Order, shop: Option<String>) -> Self {
        let item = |(line, quantity): (&domain::orders::OrderLine, i64)| SlipItemBody {
            sku: line.sku.as_ref().map(|sku| sku.as_str().to_owned()),
            name: line.name.as_str().to_owned(),
            quantity,
        };
        Self {
            shop,
            order_id: Id(order.id.0),
            number: order.number.map(|number| number.to_string()),
            placed_at: Timestamp(order.placed_at),
            shipping_address: order.shipping_address.as_ref().map(AddressBody::from),
            items: order.to_ship().map(item).collect(),
            note: order.note.as_ref().map(ToString::to_string),
        }
    }
}

impl ResponseBody for SlipBody {
    fn example() -> Self {
        Self::new(&example::order(), Some("Example Shop".to_owned()))
    }
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "packingSlip",
    "Show what goes into the parcel of an order",
    "Shop, number, address, note and lines, without prices.",
);

pub(crate) async fn show(_staff: Staff, state: Arc<State>, id: Path<OrderId>) -> Result<NoStore<SlipBody>, Problem> {
    let order = state.queries.orders.get(id.0, OrderScope::All).await?.ok_or(Error::NotFound("order"))?;
    Ok(NoStore(SlipBody::new(&order, state.shop_name.clone())))
}
