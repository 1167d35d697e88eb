//! Files of orders.

use std::sync::Arc;

use application::Queries;
use domain::addresses::Address;
use domain::orders::{Order, OrderFilter, OrderScope};

use super::TAG;
use crate::context::State;
use crate::extract::{FromQuery, Params, Query, Staff};
use crate::files::{csv_line, exported_line};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{CsvFile, Day, NamedCustomer, Timestamp, customers_of, text_of};

/// Which orders are exported.
pub(crate) struct ExportQuery(OrderFilter);

impl FromQuery for ExportQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        super::filter(params).0.map(Self)
    }
}

/// The columns. Amounts are in minor units of the currency.
const COLUMNS: [&str; 36] = [
    "order_id",
    "number",
    "status",
    "payment_status",
    "placed_at",
    "expected_delivery",
    "customer_id",
    "customer_name",
    "customer_email",
    "line",
    "product_id",
    "sku",
    "name",
    "quantity",
    "currency",
    "unit_price",
    "line_total",
    "line_discount",
    "line_tax",
    "line_net",
    "line_gross",
    "order_subtotal",
    "order_discount",
    "order_shipping",
    "order_tax",
    "order_total",
    "shipping_method",
    "ship_to_name",
    "ship_to_company",
    "ship_to_phone",
    "ship_to_line1",
    "ship_to_line2",
    "ship_to_postal_code",
    "ship_to_city",
    "ship_to_region",
    "ship_to_country",
];

pub(crate) const AS_CSV: Operation = Operation::new(
    TAG,
    "exportOrders",
    "Download orders as a CSV file",
    "With a row for each line of an order, the newest order first. What is of the order stands in each of its rows, so that \
     amounts that begin with `order_` are not to be added up row by row. Amounts are in minor units of the currency. The \
     filters are those of `GET /orders`.",
);

pub(crate) async fn as_csv(_staff: Staff, state: Arc<State>, query: Query<ExportQuery>) -> Result<CsvFile, Problem> {
    Ok(file(&state.queries, query.0.0))
}

/// A file of the orders that a filter finds.
pub(crate) fn file(queries: &Queries, filter: OrderFilter) -> CsvFile {
    let queries = queries.clone();
    CsvFile::of_list("orders.csv", csv_line(COLUMNS.into_iter()), move |page| {
        let (queries, filter) = (queries.clone(), filter.clone());
        async move {
            let page = queries.orders.list(OrderScope::All, &filter, &page).await?;
            let customers = customers_of(&queries, page.items.iter().map(|order| order.customer_id)).await?;
            Ok(page.map(|order| lines(&order, customers.get(&order.customer_id))))
        }
    })
}

/// The rows of an order.
fn lines(order: &Order, customer: Option<&NamedCustomer>) -> Vec<u8> {
    let text = |text: Option<&dyn ToString>| text.map(ToString::to_string).unwrap_or_default();
    let totals = order.totals();
    let of_order = [
        order.id.to_string(),
        text(order.number.as_ref().map(|number| number as _)),
        order.status.as_str().to_owned(),
        order.owed().status.as_str().to_owned(),
        text_of(&Timestamp(order.placed_at)),
        text_of(&Day(order.expected_delivery)),
        order.customer_id.to_string(),
        customer.map(|customer| customer.name.clone()).unwrap_or_default(),
        customer.map(|customer| customer.email.clone()).unwrap_or_default(),
    ];
    let of_totals = [totals.subtotal, totals.discount, totals.shipping, totals.tax, order.total.amount];
    let place = order.shipping_address.as_ref().map(address).unwrap_or_default();
    let method = order.shipping_method().unwrap_or_default();
    let row = |(number, (line, amounts)): (usize, (&domain::orders::OrderLine, domain::pricing::LineAmounts))| {
        let of_line = [
            number.to_string(),
            line.product_id.to_string(),
            text(line.sku.as_ref().map(|sku| sku as _)),
            line.name.to_string(),
            line.quantity.get().to_string(),
            line.line_total.currency.code().to_owned(),
        ];
        let of_amounts =
            [line.unit_price.amount, line.line_total.amount, amounts.discount, amounts.tax, amounts.net, amounts.gross];
        let amounts = of_amounts.into_iter().chain(of_totals).map(|amount| amount.to_string());
        let own = of_line.into_iter().chain(amounts).chain([method.to_owned()]);
        exported_line(of_order.iter().cloned().chain(own).chain(place.iter().cloned()))
    };
    (1..).zip(order.line_amounts()).flat_map(row).collect()
}

/// The cells of an address.
fn address(address: &Address) -> [String; 9] {
    let text = |text: Option<&dyn ToString>| text.map(ToString::to_string).unwrap_or_default();
    [
        text(address.name.as_ref().map(|name| name as _)),
        text(address.company.as_ref().map(|company| company as _)),
        address.phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default(),
        address.line1.to_string(),
        text(address.line2.as_ref().map(|line| line as _)),
        text(address.postal_code.as_ref().map(|code| code as _)),
        address.city.to_string(),
        text(address.region.as_ref().map(|region| region as _)),
        address.country.as_str().to_owned(),
    ]
}
