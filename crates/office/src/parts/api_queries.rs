//! What the query of a page is in the API.

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

static QUERIES: [Query; 11] = [
    query(
        "/office/orders",
        "listOrders",
        &[("stage", "stage"), STATUS, ("payment", "payment_status"), ("product", "product_id"), Q, SORT],
    ),
    query("/office/products", "listProducts", &[Q, STATUS, ("category", "category"), SORT]),
    query("/office/customers", "listCustomers", &[Q]),
    query("/office/payments", "listPayments", &[("finding", "finding"), ("refund_to_pay", "refund_to_pay")]),
    query("/office/groups", "listProductGroups", &[Q]),
    query("/office/promotions", "listPromotions", &[Q, STATUS]),
    query("/office/imports", "listImports", &[STATUS]),
    query("/office/mails", "listMails", &[STATUS]),
    query("/office/reports", "salesReport", &[("from", "from"), ("to", "to"), ("by", "by")]),
    query("/office/stock", "listStock", &[("low", "below_threshold")]),
    query("/office/stock", "listProducts", &[Q]),
];

/// The path of an operation with what the page's own query says of it.
pub(super) fn with_page_query(staff: &Staff, operation: &str, path: &str) -> String {
    let found = QUERIES.iter().find(|query| query.page == staff.page.path && query.operation == operation);
    let parameters = found.map_or(&[][..], |query| query.parameters);
    let said = |(here, there): &(&str, &'static str)| {
        let value = staff.query(here)?;
        let is_number = operation == "listOrders" && *there == "q" && OrderNumber::parse(value).is_ok();
        Some((if is_number { "number" } else { *there }, value))
    };
    address(path, parameters.iter().filter_map(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_is_of_an_operation_behind_its_page_r248() {
        let pages = crate::pages();
        for Query { page, operation, .. } in &QUERIES {
            let found = pages.iter().find(|one| one.path == *page && one.method == "GET").unwrap();
            assert!(found.operations.contains(operation), "{page}: {operation}");
        }
    }
}
