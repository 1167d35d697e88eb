use std::sync::Arc;

use application::Error;
use application::orders::PlaceOrder;
use domain::Price;
use domain::addresses::{Address, City, Company, CountryCode, PostalCode, Recipient, Region, Street};
use domain::checkout::ExpectedTotal;
use domain::customers::PhoneNumber;
use domain::orders::{Note, Order, Placement};
use serde_json::{Value, json};

use super::TAG;
use super::body::OrderBody;
use crate::context::State;
use crate::extract::read::{integer, object, shop_currency, text};
use crate::extract::{ClientAddress, Fields, FromFields, IdempotentBody, Shopper};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};
use crate::routes::carts::items::Item;
use crate::routes::checkout::{PurchaseFields, clients};

/// The purchase to order, and what the buyer agreed to.
pub(crate) struct NewOrder {
    purchase: PurchaseFields,
    note: Option<Note>,
    expected_total: Option<ExpectedTotal>,
}

impl FromFields for NewOrder {
    const NAME: &'static str = "NewOrder";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let purchase = PurchaseFields::read(fields);
        let note = fields.optional("note", &text(Note::parse));
        let expected_total = fields.optional("expected_total", &object::<ExpectedTotal>());
        Some(Self { purchase: purchase?, note: note?, expected_total: expected_total? })
    }

    fn example() -> Value {
        json!({
            "items": [Item::example()],
            "shipping_address": Address::example(),
            "note": "Please ring twice.",
        })
    }
}

/// `{"amount": 1999, "currency": "USD"}`, in the shop's currency.
impl FromFields for ExpectedTotal {
    const NAME: &'static str = "ExpectedTotal";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let currency = shop_currency(fields.shop());
        let amount = fields.required("amount", &integer(Self::parse));
        fields.required("currency", &currency).and(amount)
    }

    fn example() -> Value {
        Price::example()
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

pub(crate) const PLACE: Operation = Operation::new(TAG, "placeOrder", "Place an order: of `items`, or of what is in the cart", "Without `items` the cart is ordered and emptied. All or nothing: if a product is unknown, archived or short, nothing is ordered, and `lines` lists each of them. Each product may be named once, and the shop's prices of this moment hold. With `expected_total`, the `total` of a quote, the order costs that or is refused.")
.problems(&[Kind::EMAIL_UNVERIFIED, Kind::CART_EMPTY, Kind::LINES, Kind::SHIPPING_UNAVAILABLE, Kind::TOTALS_CHANGED, Kind::COUPON_EXHAUSTED, Kind::COUPON_INVALID, Kind::NO_TAX_RATE, Kind::TOO_MANY]);

pub(crate) async fn place(
    shopper: Shopper,
    client: ClientAddress,
    state: Arc<State>,
    request: IdempotentBody<NewOrder>,
) -> Result<Idempotent<Created<OrderBody>>, Problem> {
    let IdempotentBody { body: NewOrder { purchase, note, expected_total }, claim } = request;
    let PurchaseFields { items, shipping_address, method, codes } = purchase;
    let mut guess = state.code_guesses.admit(clients(&shopper, &client), codes.len()).await?;
    let placement = Placement { customer_id: shopper.0, shipping_address, note };
    let place = PlaceOrder { placement, items, method, codes, expected_total, book: state.books.current().await? };
    let present = |order: &Order| Created::at(format!("/api/v1/orders/{}", order.id), &OrderBody::from(order));
    let placed = state.runner.run_once(claim, place, present).await;
    if let Err(Error::Coupons(refused)) = &placed {
        guess.refused(refused.iter().map(|(_, refusal)| *refusal));
    }
    Ok(placed?.try_into()?)
}
