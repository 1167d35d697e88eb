use std::sync::Arc;

use application::checkout::QuoteRequest;
use domain::addresses::Address;
use serde_json::{Value, json};

use super::TAG;
use super::body::QuoteBody;
use super::purchase::{PurchaseFields, clients};
use crate::context::State;
use crate::extract::{Body, ClientAddress, Fields, FromFields, Shopper};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoStore;
use crate::routes::carts::items::Item;

/// The purchase to quote.
pub(crate) struct NewQuote(PurchaseFields);

impl FromFields for NewQuote {
    const NAME: &'static str = "NewQuote";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        PurchaseFields::read(fields).map(Self)
    }

    fn example() -> Value {
        json!({ "items": [Item::example()], "shipping_address": Address::example() })
    }
}

pub(crate) const QUOTE: Operation = Operation::new(
    TAG,
    "quotePurchase",
    "Quote a purchase: everything that the buyer will be asked to pay",
    "Of `items`, or of what is in the cart. Writes and holds nothing. Without `shipping_method` it selects the cheapest \
     one; an order must name one as soon as something is shipped and the shop has any. Without `shipping_address` prices \
     are estimated for where the shop is. `problems` lists all that keeps it from being ordered. Send `totals.total` as \
     `expected_total` of the order: it costs that, or is refused.",
)
.problems(&[Kind::CART_EMPTY, Kind::NO_TAX_RATE, Kind::TOO_MANY]);

pub(crate) async fn quote(
    shopper: Shopper,
    client: ClientAddress,
    state: Arc<State>,
    request: Body<NewQuote>,
) -> Result<NoStore<QuoteBody>, Problem> {
    let NewQuote(PurchaseFields { items, shipping_address, method, codes }) = request.0;
    let mut guess = state.code_guesses.admit(clients(&shopper, &client), codes.len()).await?;
    let request = QuoteRequest { customer_id: shopper.0, items, shipping_address, method, codes };
    let quote = state.quotes.quote(&request).await?;
    guess.refused(quote.codes.iter().filter_map(|code| code.result.err()));
    Ok(NoStore(QuoteBody::of(&quote, state.shop)))
}
