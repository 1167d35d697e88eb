use std::collections::HashMap;

use application::Error;
use domain::access::Noun;
use domain::access::Scope::Write;
use domain::products::{ProductFilter, ProductId, ProductSort, ProductSummary};
use domain::restocks::{Restock, RestockFilter, RestockStatus};
use domain::stock::{Stock, StockFilter};
use domain::{Cursor, Limit, SearchText};
use maud::{Markup, html};

use super::{IN_LIST, SECTION, named, products, tabs, with_list};
use crate::form::Form;
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{badge, date, download, finder, key, pager};
use crate::request::{Staff, first};

const LIST: &str = "stock";
/// The name of the list of a search. It has the order of products, so its cursors are not those of [`LIST`].
const FOUND: &str = "stock by relevance";

/// A page of stock, with what its rows show besides.
struct Shown {
    stock: Vec<Stock>,
    products: HashMap<ProductId, ProductSummary>,
    /// What is on its way, by product.
    coming: HashMap<ProductId, Restock>,
    list: &'static str,
    next: Option<Cursor>,
}

/// How much is there of each product.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let is_low = is_low(staff);
    let shown = shown(staff, is_low).await?;
    let rows = rows(staff, &shown, is_low);
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let body = html! {
        (tabs(staff, if is_low { "Low" } else { "All" }))
        @if is_low {
            @if staff.may(Write(Noun::Stock)) {
                form method="post" action=(staff.to("restocks/run")) {
                    (key(staff, &Form::default()))
                    button { "Order what is low" }
                }
            }
        } @else { (finder(staff, "stock", "Find stock", "Name, words or SKU of a product", &[])) }
        (rows)
    };
    Ok(page(staff, SECTION, "Stock", &body))
}

/// Whether only what is low is wanted.
fn is_low(staff: &Staff) -> bool {
    staff.query("low") == Some("true")
}

/// The stock that the query asks for. A search is for products, whether they are low or not.
async fn shown(staff: &Staff, is_low: bool) -> Result<Shown, Error> {
    let queries = &staff.office.queries;
    let search = staff.query("q").filter(|_| !is_low).map(SearchText::parse).and_then(Result::ok);
    let (stock, list, next) = if let Some(search) = search {
        // Without a word, nothing is found.
        let Some(search) = search else { return Ok(Shown::nothing()) };
        let filter = ProductFilter { search: Some(search), ..ProductFilter::default() };
        let found = queries.products.list(&filter, ProductSort::Relevance, &staff.list_page(FOUND)).await?;
        let ids: Vec<_> = found.items.iter().map(|view| view.product.id).collect();
        (of_products(staff, &ids).await?, FOUND, found.next)
    } else {
        let filter = StockFilter { below_threshold: is_low.then_some(true), ..StockFilter::default() };
        let found = queries.stock.list(&filter, &staff.list_page(LIST)).await?;
        (found.items, LIST, found.next)
    };
    let ids: Vec<_> = stock.iter().map(|stock| stock.product_id).collect();
    let products = products(staff, ids.iter().copied()).await?;
    Ok(Shown { coming: coming(staff, ids).await?, stock, products, list, next })
}

/// The stock of some products, at most a page of a list, in their order.
async fn of_products(staff: &Staff, ids: &[ProductId]) -> Result<Vec<Stock>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = StockFilter { product_ids: ids.to_vec(), ..StockFilter::default() };
    let mut found = staff.office.queries.stock.list(&filter, &first(Limit::MAX)).await?.items;
    found.sort_by_key(|stock| ids.iter().position(|id| *id == stock.product_id));
    Ok(found)
}

/// The open restocks of some products, at most a page of a list. A product has at most one.
pub(super) async fn coming(staff: &Staff, product_ids: Vec<ProductId>) -> Result<HashMap<ProductId, Restock>, Error> {
    if product_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let filter = RestockFilter { product_ids, status: Some(RestockStatus::Open) };
    let found = staff.office.queries.restocks.list(&filter, &first(Limit::MAX)).await?;
    Ok(found.items.into_iter().map(|restock| (restock.product_id, restock)).collect())
}

impl Shown {
    fn nothing() -> Self {
        Self { stock: Vec::new(), products: HashMap::new(), coming: HashMap::new(), list: FOUND, next: None }
    }
}

fn rows(staff: &Staff, shown: &Shown, is_low: bool) -> Markup {
    html! {
        div #list {
            @if shown.stock.is_empty() {
                p.empty {
                    @if is_low { "Nothing is below its reorder point. A product has one as soon as you set it in the list of all stock." }
                    @else { "No products found." }
                }
            } @else {
                div.card {
                    table {
                        thead {
                            tr {
                                th { "Product" } th.number { "On hand" } th.number { "Reorder below" } th.number { "Fill up to" }
                                th { "On the way" } th {}
                            }
                        }
                        tbody { @for stock in &shown.stock { (row(staff, stock, shown)) } }
                    }
                }
            }
            (pager(staff, "stock", shown.list, shown.next.as_ref()))
            @if is_low && !shown.stock.is_empty() { (download(staff, "stock/low.csv")) }
        }
    }
}

fn row(staff: &Staff, stock: &Stock, shown: &Shown) -> Markup {
    let id = stock.product_id;
    let place = |verb: &str| staff.to(&with_list(staff, &format!("stock/{id}/{verb}"), [IN_LIST]));
    html! {
        tr {
            td data-label="Product" { (named(staff, id, shown.products.get(&id))) }
            td.number data-label="On hand" {
                @if stock.on_hand == 0 { (badge("out")) " " }
                @else if stock.below_threshold() { (badge("low")) " " }
                (stock.on_hand)
            }
            td.number data-label="Reorder below" { (stock.restock_threshold) }
            td.number data-label="Fill up to" { (stock.restock_target) }
            td data-label="On the way" { @if let Some(restock) = shown.coming.get(&id) { (on_its_way(staff, restock)) } }
            td {
                @if staff.may(Write(Noun::Stock)) {
                    div.actions {
                        a.button data-opens href=(place("policy")) { "Reorder" }
                        a.button data-opens href=(place("adjust")) { "Adjust" }
                    }
                }
            }
        }
    }
}

/// What is on its way, and since which day. Nobody says when it comes.
pub(super) fn on_its_way(staff: &Staff, restock: &Restock) -> Markup {
    let ordered = date(staff.office.calendar.day(restock.opened_at));
    html! { (restock.ordered) @if restock.ordered == 1 { " unit" } @else { " units" } " since " (ordered) }
}
