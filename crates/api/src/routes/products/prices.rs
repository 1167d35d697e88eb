use std::sync::Arc;

use application::Error;
use domain::products::{PriceEntry, ProductId};
use domain::{PageRequest, Shop};
use serde::Serialize;

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{List, Money, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};

/// A price that a product has had.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductPrice")]
pub(crate) struct PriceBody {
    /// Since when.
    at: Timestamp,
    price: Money,
    /// What it cost before it was reduced; null if it was not reduced.
    compare_at_price: Option<Money>,
}

impl PriceBody {
    fn of(entry: &PriceEntry, shop: Shop) -> Self {
        Self {
            at: Timestamp(entry.at),
            price: shop.money(entry.price).into(),
            compare_at_price: entry.compare_at_price.map(|price| shop.money(price).into()),
        }
    }
}

impl ResponseBody for PriceBody {
    fn example() -> Self {
        Self::of(&example::product().priced(), example::shop())
    }
}

/// Which prices are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("prices").map(Self)
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listProductPrices",
    "List the prices that a product has had, newest first",
    "Every price that it ever had, and what it was compared with. A product that was there before prices were kept has had \
     the first one since it was created, as far as is known.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    query: Query<ListQuery>,
) -> Result<List<PriceBody>, Problem> {
    let page = state.queries.prices.list(id.0, &query.0.0).await?.ok_or(Error::NotFound("product"))?;
    let shop = state.shop;
    Ok(List::new("prices", page, move |entry| PriceBody::of(&entry, shop)))
}
