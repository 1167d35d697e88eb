use std::sync::Arc;

use application::orders::EditOrder;
use domain::addresses::Address;
use domain::orders::{Note, OrderEdit, OrderId};
use serde_json::{Value, json};

use super::TAG;
use super::body::OrderBody;
use crate::context::State;
use crate::extract::read::{object, text};
use crate::extract::{Body, Caller, Fields, FromFields, IfMatch, Path};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

impl FromFields for OrderEdit {
    const NAME: &'static str = "OrderChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let shipping_address = fields.change("shipping_address", &object::<Address>());
        let note = fields.change_or_clear("note", &text(Note::parse));
        Some(Self { shipping_address: shipping_address?, note: note? })
    }

    fn example() -> Value {
        json!({ "shipping_address": Address::example(), "note": "Please ring twice." })
    }
}

pub(crate) const EDIT: Operation = Operation::new(
    TAG,
    "updateOrder",
    "Change address or note of an order that is not shipped yet",
    "Customers change their own, staff any. What is not named stays; an address is replaced as a whole, and null removes the note. The order keeps its price: an address that its shipping method does not ship to, where other taxes hold, or where a promotion of the order does not hold, is refused, and `detail` says what would change.",
)
.problems(&[Kind::ORDER_FIXED, Kind::ADDRESS_CHANGES_PRICE]);

pub(crate) async fn edit(
    caller: Caller,
    state: Arc<State>,
    id: Path<OrderId>,
    expected: IfMatch,
    body: Body<OrderEdit>,
) -> Result<Resource<OrderBody>, Problem> {
    let (scope, book) = (caller.order_scope(), state.books.current().await?);
    let edit = EditOrder { id: id.0, scope, edit: body.0, expected: expected.0, book };
    let order = caller.runner(&state).run(edit).await?;
    Ok(Resource(OrderBody::from(&order)))
}
