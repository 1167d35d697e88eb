use std::sync::Arc;

use application::orders::PlaceOrder;
use domain::carts::MAX_LINES;
use domain::customers::PhoneNumber;
use domain::orders::{
    Address, City, Company, CountryCode, Items, ItemsError, Note, Order, Placement, PostalCode, Recipient, Region,
    Street,
};
use serde_json::{Value, json};

use super::TAG;
use super::body::OrderBody;
use crate::context::State;
use crate::extract::read::{list, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Shopper};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};
use crate::routes::cart::items::Item;

/// The items to order and the shipping address.
pub(crate) struct NewOrder {
    items: Option<Items>,
    shipping_address: Option<Address>,
    note: Option<Note>,
}

impl FromFields for NewOrder {
    const NAME: &'static str = "NewOrder";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let items = fields.optional("items", &list(object::<Item>(), MAX_LINES));
        let shipping_address = fields.optional("shipping_address", &object::<Address>());
        let note = fields.optional("note", &text(Note::parse));
        let items = items?.map(|items| named_once(items, fields));
        Some(Self {
            items: items.map_or(Some(None), |named| named.map(Some))?,
            shipping_address: shipping_address?,
            note: note?,
        })
    }

    fn example() -> Value {
        json!({
            "items": [Item::example()],
            "shipping_address": Address::example(),
            "note": "Please ring twice.",
        })
    }
}

fn named_once(items: Vec<Item>, fields: &mut Fields<'_>) -> Option<Items> {
    match Items::parse(items.into_iter().map(|item| (item.product_id, item.quantity)).collect()) {
        Ok(items) => Some(items),
        Err(ItemsError::Count(invalid)) => {
            fields.refuse("items", invalid);
            None
        }
        Err(ItemsError::Repeated(places, invalid)) => {
            for place in places {
                fields.refuse(&format!("items[{place}].product_id"), invalid.clone());
            }
            None
        }
    }
}

impl FromFields for Address {
    const NAME: &'static str = "NewAddress";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.optional("name", &text(Recipient::parse));
        let company = fields.optional("company", &text(Company::parse));
        let phone = fields.optional("phone", &text(PhoneNumber::parse));
        let line1 = fields.required("line1", &text(Street::parse));
        let line2 = fields.optional("line2", &text(Street::parse));
        let city = fields.required("city", &text(City::parse));
        let region = fields.optional("region", &text(Region::parse));
        let postal_code = fields.optional("postal_code", &text(PostalCode::parse));
        let country = fields.required("country", &text(CountryCode::parse));
        let postal_code = match (postal_code, &country) {
            (Some(given), Some(country)) => {
                let allowed = Self::postal_code_in(country, given);
                allowed.map_err(|invalid| fields.refuse("postal_code", invalid)).ok()
            }
            (given, _) => given,
        };
        Some(Self {
            name: name?,
            company: company?,
            phone: phone?,
            line1: line1?,
            line2: line2?,
            city: city?,
            region: region?,
            postal_code: postal_code?,
            country: country?,
        })
    }

    fn example() -> Value {
        json!({
            "name": "Ann Buyer",
            "line1": "1 Main St",
            "city": "Springfield",
            "postal_code": "12345",
            "country": "US",
        })
    }
}

pub(crate) const PLACE: Operation = Operation::new(TAG, "placeOrder", "Place an order: of `items`, or of what is in the cart", "Without `items` the cart is ordered and emptied. All or nothing: if a product is unknown, archived or short, nothing is ordered, and `lines` lists each of them. Each product may be named once, and the shop's prices of this moment hold.")
.problems(&[Kind::CART_EMPTY, Kind::LINES]);

pub(crate) async fn place(
    shopper: Shopper,
    state: Arc<State>,
    request: IdempotentBody<NewOrder>,
) -> Result<Idempotent<Created<OrderBody>>, Problem> {
    let IdempotentBody { body: NewOrder { items, shipping_address, note }, claim } = request;
    let place = PlaceOrder { placement: Placement { customer_id: shopper.0, shipping_address, note }, items };
    let present = |order: &Order| Created::at(format!("/api/v1/orders/{}", order.id), &OrderBody::from(order));
    Ok(state.runner.run_once(claim, place, present).await?.try_into()?)
}
