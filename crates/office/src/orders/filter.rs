//! Which orders the query of a page asks for.

use application::Error;
use domain::customers::CustomerId;
use domain::orders::{
    Order, OrderFilter, OrderNumber, OrderPaymentStatus, OrderScope, OrderSearch, OrderSort, OrderStage, OrderStatus,
    TrackingNumber,
};
use domain::products::ProductId;
use domain::{Date, Page, PageRequest, UtcDateTime, Uuid, parse_day};

use crate::request::{Staff, first};

/// The product of the filter; `None` without a valid one.
pub(super) fn product_id(staff: &Staff) -> Option<ProductId> {
    staff.query("product").and_then(|id| Uuid::try_parse(id).ok()).map(ProductId)
}

/// The customer of the filter; `None` without a valid one.
pub(super) fn customer_id(staff: &Staff) -> Option<CustomerId> {
    staff.query("customer").and_then(|id| Uuid::try_parse(id).ok()).map(CustomerId)
}

/// The filter in the query. A parameter without a valid value is ignored.
fn filter(staff: &Staff) -> OrderFilter {
    let status = staff.query("status").and_then(|status| OrderStatus::parse(status).ok());
    let payment_status = staff.query("payment").and_then(|status| OrderPaymentStatus::parse(status).ok());
    let (placed_after, placed_before) = placed(staff);
    let mut filter = OrderFilter {
        status,
        payment_status,
        stage: staff.query("stage").and_then(|stage| OrderStage::parse(stage).ok()),
        product_id: product_id(staff),
        customer_id: customer_id(staff),
        placed_after,
        placed_before,
        sort: staff.query("sort").and_then(|sort| OrderSort::parse(sort).ok()),
        ..OrderFilter::default()
    };
    if let Some(typed) = staff.query("q") {
        match OrderNumber::parse(typed) {
            Ok(number) => filter.number = Some(number),
            Err(_) => filter.search = OrderSearch::parse(typed).ok(),
        }
    }
    filter
}

/// The time range of the days in the query, in the time zone of the shop. Both days are included.
fn placed(staff: &Staff) -> (Option<UtcDateTime>, Option<UtcDateTime>) {
    let calendar = staff.office.calendar.as_ref();
    let day = |name: &str| staff.query(name).and_then(|day| parse_day(day).ok());
    let end = day("to").and_then(Date::next_day);
    (day("from").map(|day| calendar.begin(day)), end.map(|day| calendar.begin(day)))
}

/// The orders whose parcel has exactly the tracking number that is typed, if it can be one.
pub(crate) async fn tracked(
    staff: &Staff,
    typed: &str,
    filter: OrderFilter,
    page: &PageRequest,
) -> Result<Page<Order>, Error> {
    let Ok(number) = TrackingNumber::parse(typed) else { return Ok(Page { items: Vec::new(), next: None }) };
    let filter = OrderFilter { tracking_number: Some(number), ..filter };
    Ok(staff.office.queries.orders.list(OrderScope::All, &filter, page).await?)
}

/// Which orders are looked for: those with the tracking number that is typed, or else those that the words find.
pub(super) async fn wanted(staff: &Staff) -> Result<OrderFilter, Error> {
    let filter = filter(staff);
    let typed = staff.query("q").filter(|_| filter.search.is_some());
    if let Some(Ok(number)) = typed.map(TrackingNumber::parse) {
        let with_number = OrderFilter { tracking_number: Some(number), search: None, ..filter.clone() };
        if !staff.office.queries.orders.list(OrderScope::All, &with_number, &first(1)).await?.items.is_empty() {
            return Ok(with_number);
        }
    }
    Ok(filter)
}

/// The filter in the query, for an export or an action on all matching orders.
///
/// # Errors
/// If a part of the filter is not understood.
pub(super) async fn understood(staff: &Staff) -> Result<OrderFilter, Error> {
    let filter = wanted(staff).await?;
    staff.expect_understood(&[
        ("q", filter.number.is_some() || filter.search.is_some() || filter.tracking_number.is_some()),
        ("status", filter.status.is_some()),
        ("payment", filter.payment_status.is_some()),
        ("stage", filter.stage.is_some()),
        ("product", filter.product_id.is_some()),
        ("customer", filter.customer_id.is_some()),
        ("from", filter.placed_after.is_some()),
        ("to", filter.placed_before.is_some()),
    ])?;
    Ok(filter)
}
