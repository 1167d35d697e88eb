//! What the query of a page is in the API.

use application::products::OF_ATTRIBUTE;
use domain::orders::OrderNumber;

use super::address;
use crate::request::Staff;

/// Parameters of a page, each with the name that an operation behind the page has for it. Those that mean something else
/// there, such as days in the place of times, are left out.
struct Query {
    page: &'static str,
    operation: &'static str,
    parameters: &'static [(&'static str, &'static str)],
}

const fn query(
    page: &'static str,
    operation: &'static str,
    parameters: &'static [(&'static str, &'static str)],
) -> Query {
    Query { page, operation, parameters }
}

const Q: (&str, &str) = ("q", "q");
const STATUS: (&str, &str) = ("status", "status");
const SORT: (&str, &str) = ("sort", "sort");

static QUERIES: &[Query] = &[
    query(
        "/office/orders",
        "listOrders",
        &[
            ("stage", "stage"),
            STATUS,
            ("payment", "payment_status"),
            ("product", "product_id"),
            ("customer", "customer_id"),
            Q,
            SORT,
        ],
    ),
    query("/office/search", "listOrders", &[Q]),
    query("/office/search", "listCustomers", &[Q]),
    query("/office/search", "listProducts", &[Q]),
    query(
        "/office/products",
        "listProducts",
        &[
            Q,
            STATUS,
            ("category", "category"),
            ("brand", "brand"),
            ("tag", "tag"),
            ("in_stock", "in_stock"),
            ("min_price", "min_price"),
            ("max_price", "max_price"),
            SORT,
            ("collapse", "collapse"),
            ("facets", "facets"),
        ],
    ),
    query("/office/customers", "listCustomers", &[Q, SORT]),
    query("/office/payments", "listPayments", &[("finding", "finding"), ("refund_to_pay", "refund_to_pay")]),
    query("/office/groups", "listProductGroups", &[Q]),
    query("/office/promotions", "listPromotions", &[Q, STATUS]),
    query("/office/imports", "listImports", &[STATUS]),
    query("/office/mails", "listMails", &[STATUS, ("order", "order_id"), ("customer", "customer_id")]),
    query("/office/reports", "salesReport", &[("from", "from"), ("to", "to"), ("by", "by")]),
    query("/office/restocks", "listRestocks", &[STATUS]),
    query("/office/stock", "listStock", &[("low", "below_threshold")]),
    query("/office/stock", "listProducts", &[Q]),
    query("/office/settings/webhooks/{id}", "listWebhookDeliveries", &[STATUS]),
];

/// Parameters that a page always sends to an operation, unless its query has other values.
type Always = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

static ALWAYS: [Always; 3] = [
    ("/office/customers", "listCustomers", &[("sort", "-created_at")]),
    ("/office/products", "listProducts", &[("total", "true")]),
    ("/office/restocks", "listRestocks", &[("status", "open")]),
];

/// A page about one resource, an operation behind it, the parameter that takes the id of the resource, and further
/// parameters.
type About = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

static ABOUT: [About; 4] = [
    ("/office/orders/{id}", "listMails", "order_id", &[]),
    ("/office/orders/{id}", "listAudit", "resource_id", &[("resource", "order")]),
    ("/office/customers/{id}", "listOrders", "customer_id", &[]),
    ("/office/stock/{id}", "listRestocks", "product_id", &[("status", "open")]),
];

/// The path of an operation with what the page's own path and query say of it.
pub(super) fn with_page_query(staff: &Staff, operation: &str, path: &str) -> String {
    let found = QUERIES.iter().find(|query| query.page == staff.page.path && query.operation == operation);
    let parameters = found.map_or(&[][..], |query| query.parameters);
    let said = |(here, there): &(&str, &'static str)| {
        let value = staff.query(here)?;
        let is_number = operation == "listOrders" && *there == "q" && OrderNumber::parse(value).is_ok();
        Some((if is_number { "number" } else { *there }, value))
    };
    let is_of = |(page, of): (&str, &str)| page == staff.page.path && of == operation;
    // Filters by attributes of the shop have the same names in both.
    let has_attributes = is_of(("/office/products", "listProducts"));
    let attributes = staff.queries().iter().filter(|(name, _)| has_attributes && name.starts_with(OF_ATTRIBUTE));
    let attributes = attributes.map(|(name, value)| (name.as_str(), value.as_str()));
    let always =
        ALWAYS.iter().filter(|(page, of, _)| is_of((page, of))).flat_map(|(.., others)| others.iter().copied());
    let is_said = |name: &str| parameters.iter().any(|(here, there)| *there == name && staff.query(here).is_some());
    let always = always.filter(|(name, _)| !is_said(name));
    let about = ABOUT.iter().filter(|(page, of, ..)| is_of((page, of)));
    let about = about.flat_map(|(.., id, others)| others.iter().copied().chain([(*id, staff.parameter("id"))]));
    address(path, parameters.iter().filter_map(said).chain(attributes).chain(always).chain(about))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_is_of_an_operation_behind_its_page_r248() {
        let pages = crate::pages();
        let of_queries = QUERIES.iter().map(|Query { page, operation, .. }| (page, operation));
        let always = ALWAYS.iter().map(|(page, operation, _)| (page, operation));
        for (page, operation) in
            of_queries.chain(always).chain(ABOUT.iter().map(|(page, operation, ..)| (page, operation)))
        {
            let found = pages.iter().find(|one| one.path == *page && one.method == "GET").unwrap();
            assert!(found.operations.contains(operation), "{page}: {operation}");
        }
    }
}
