//! One search for orders, customers, products and pages (R246). What is typed exactly leads straight to what it names.

use application::Error;
use domain::SearchText;
use domain::access::Noun::{Customers, Orders, Products};
use domain::access::Scope::Read;
use domain::customers::{Customer, CustomerFilter, EmailAddress};
use domain::orders::{Order, OrderFilter, OrderNumber, OrderScope, OrderSearch};
use domain::products::{Barcode, ProductFilter, ProductSort, ProductView, Sku};
use maud::{Markup, html};

use crate::act::redirect;
use crate::layout::page;
use crate::named_pages::{self, NamedPage};
use crate::orders::filter::tracked;
use crate::page::Answer;
use crate::parts::{address, badge, money, time};
use crate::request::{Staff, first};

/// The most that is shown of each kind.
const SHOWN: i64 = 8;

/// What is found, of each kind that the caller may see.
struct Found {
    orders: Vec<Order>,
    customers: Vec<Customer>,
    products: Vec<ProductView>,
}

/// Finds orders, customers and products.
pub(crate) async fn find(staff: &Staff) -> Answer {
    let typed = staff.query("q").unwrap_or_default().trim().to_owned();
    if let Some(place) = exact(staff, &typed).await? {
        return Ok(redirect(staff, &place));
    }
    let Found { orders, customers, products } = found(staff, &typed).await?;
    let pages = named_pages::found(staff, &typed);
    let nothing = orders.is_empty() && customers.is_empty() && products.is_empty() && pages.is_empty();
    let all = |page: &str| staff.to(&address(page, [("q", typed.as_str())]));
    let body = html! {
        h1 { "Search: " (typed) }
        @if nothing { p.empty { "Nothing is found. Try an order number, a tracking number, a name, an email address, a SKU, a barcode, or fewer words." } }
        (list_of(staff, &pages))
        @if !orders.is_empty() {
            section.card {
                h2 { a href=(all("orders")) { "Orders" } }
                table {
                    tbody {
                        @for order in &orders {
                            tr {
                                td data-label="Order" {
                                    a.name href=(staff.to(&format!("orders/{}", order.id))) { (crate::orders::name(order)) }
                                }
                                td data-label="Placed" { (time(staff, order.placed_at)) }
                                td data-label="Status" { (badge(order.status.as_str())) }
                                td.number data-label="Total" { (money(order.total)) }
                            }
                        }
                    }
                }
            }
        }
        @if !customers.is_empty() {
            section.card {
                h2 { a href=(all("customers")) { "Customers" } }
                table {
                    tbody {
                        @for customer in &customers {
                            tr {
                                td data-label="Name" {
                                    a.name href=(staff.to(&format!("customers/{}", customer.id))) { (customer.name.as_str()) }
                                }
                                td data-label="Email" { (customer.email.as_str()) }
                            }
                        }
                    }
                }
            }
        }
        @if !products.is_empty() {
            section.card {
                h2 { a href=(all("products")) { "Products" } }
                table {
                    tbody {
                        @for ProductView { product, .. } in &products {
                            tr {
                                td data-label="Product" {
                                    a.name href=(staff.to(&format!("products/{}", product.id))) { (product.name.as_str()) }
                                    @if let Some(sku) = &product.sku { br; span.faint { (sku.as_str()) } }
                                }
                                td data-label="Status" { (badge(product.status.as_str())) }
                                td.number data-label="Price" { (money(staff.office.shop.money(product.price))) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(staff, "", "Search", &body))
}

/// Pages that are found by their names.
fn list_of(staff: &Staff, pages: &[&NamedPage]) -> Markup {
    html! {
        @if !pages.is_empty() {
            section.card {
                h2 { "Pages" }
                table {
                    tbody {
                        @for page in pages {
                            tr {
                                td data-label="Page" { a.name href=(staff.to(page.page)) { (page.name) } }
                                td { span.faint { (page.what) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The page of what a number of an order, a SKU, a barcode, an email address, or the tracking number of one order names.
async fn exact(staff: &Staff, typed: &str) -> Result<Option<String>, Error> {
    let queries = &staff.office.queries;
    if let (true, Ok(number)) = (staff.may(Read(Orders)), OrderNumber::parse(typed)) {
        let filter = OrderFilter { number: Some(number), ..OrderFilter::default() };
        let found = queries.orders.list(OrderScope::All, &filter, &first(1)).await?;
        if let Some(order) = found.items.first() {
            return Ok(Some(format!("orders/{}", order.id)));
        }
    }
    if let (true, Ok(sku)) = (staff.may(Read(Products)), Sku::parse(typed)) {
        let filter = ProductFilter { skus: vec![sku], ..ProductFilter::default() };
        let found = queries.products.list(&filter, ProductSort::CreatedAtDescending, &first(1)).await?;
        if let Some(view) = found.items.first() {
            return Ok(Some(format!("products/{}", view.product.id)));
        }
    }
    if let (true, Ok(barcode)) = (staff.may(Read(Products)), Barcode::parse(typed)) {
        let filter = ProductFilter { barcodes: vec![barcode], ..ProductFilter::default() };
        let found = queries.products.list(&filter, ProductSort::CreatedAtDescending, &first(1)).await?;
        if let Some(view) = found.items.first() {
            return Ok(Some(format!("products/{}", view.product.id)));
        }
    }
    if let (true, Ok(email)) = (staff.may(Read(Customers)), EmailAddress::parse(typed)) {
        let filter = CustomerFilter { email: Some(email), ..CustomerFilter::default() };
        let found = queries.customers.list(&filter, &first(1)).await?;
        if let Some(customer) = found.items.first() {
            return Ok(Some(format!("customers/{}", customer.id)));
        }
    }
    if staff.may(Read(Orders))
        && let [order] = &tracked(staff, typed, OrderFilter::default(), &first(2)).await?.items[..]
    {
        return Ok(Some(format!("orders/{}", order.id)));
    }
    Ok(None)
}

async fn found(staff: &Staff, typed: &str) -> Result<Found, Error> {
    let mut found = Found { orders: Vec::new(), customers: Vec::new(), products: Vec::new() };
    let Some(words) = SearchText::parse(typed).ok().flatten() else { return Ok(found) };
    let queries = &staff.office.queries;
    if staff.may(Read(Orders)) {
        let filter = OrderFilter { search: OrderSearch::parse(typed).ok(), ..OrderFilter::default() };
        found.orders = tracked(staff, typed, OrderFilter::default(), &first(SHOWN)).await?.items;
        let by_words = queries.orders.list(OrderScope::All, &filter, &first(SHOWN)).await?.items;
        let is_new = |order: &Order| found.orders.iter().all(|known| known.id != order.id);
        let by_words: Vec<_> = by_words.into_iter().filter(is_new).collect();
        found.orders.extend(by_words);
    }
    if staff.may(Read(Customers)) {
        let filter = CustomerFilter { search: Some(words.clone()), ..CustomerFilter::default() };
        found.customers = queries.customers.list(&filter, &first(SHOWN)).await?.items;
    }
    if staff.may(Read(Products)) {
        let filter = ProductFilter { search: Some(words), ..ProductFilter::default() };
        found.products = queries.products.list(&filter, ProductSort::Relevance, &first(SHOWN)).await?.items;
    }
    Ok(found)
}
