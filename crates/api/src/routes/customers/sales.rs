use std::sync::Arc;

use application::Error;
use domain::Currency;
use domain::customers::CustomerId;
use domain::reports::{CustomerSales, Sales, Tally};
use serde::Serialize;

use super::TAG;
use crate::context::State;
use crate::extract::{Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Body, Resource, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// What a customer has bought so far.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "CustomerSales")]
pub(crate) struct CustomerSalesBody {
    /// One for each currency that the customer has ordered in, in order of its code. None without orders.
    sales: Vec<SumsBody>,
}

/// What was bought in one currency. Amounts are in its minor unit.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "CustomerSums")]
struct SumsBody {
    currency: Word<Currency>,
    /// Without those that are cancelled.
    orders: i64,
    units: i64,
    /// What the lines cost before discounts.
    gross: i64,
    /// What promotions took off the lines.
    discounts: i64,
    /// What went back, with tax and shipping.
    refunds: i64,
    /// Gross without discounts and refunds.
    net: i64,
}

impl From<&CustomerSales> for SumsBody {
    fn from(CustomerSales { currency, sales }: &CustomerSales) -> Self {
        let Sales { tally: Tally { orders, units, gross, discounts }, refunds, net } = *sales;
        Self { currency: currency.code().into(), orders, units, gross, discounts, refunds, net }
    }
}

impl ResponseBody for CustomerSalesBody {
    fn example() -> Self {
        let tally = Tally { orders: 2, units: 3, gross: 5997, discounts: 500 };
        let sales = Sales::new(tally, 1999).unwrap_or_default();
        Self { sales: vec![SumsBody::from(&CustomerSales { currency: crate::example::shop().currency, sales })] }
    }
}

/// Sums have no version.
impl Body for CustomerSalesBody {
    fn version(&self) -> Option<i64> {
        None
    }
}

pub(crate) const SALES: Operation = Operation::new(
    TAG,
    "customerSales",
    "Show what a customer has bought so far",
    "The sums of all orders that are not cancelled, by currency, counted as the report of sales counts them.",
);

pub(crate) async fn sales(
    _staff: Staff,
    state: Arc<State>,
    id: Path<CustomerId>,
) -> Result<Resource<CustomerSalesBody>, Problem> {
    state.queries.customers.get(id.0).await?.ok_or(Error::NotFound("customer"))?;
    let sales = state.queries.reports.of_customer(id.0).await?;
    Ok(Resource(CustomerSalesBody { sales: sales.iter().map(SumsBody::from).collect() }))
}
