use application::Error;
use application::products::suggestion;
use domain::SearchText;
use domain::access::Noun::Products;
use domain::access::Scope::Write;
use domain::products::{ProductFilter, ProductSort, ProductStatus, ProductView};
use maud::{Markup, html};

use super::{SECTION, bulk, thumb};
use crate::host::Table;
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{Chosen, badge, did_you_mean, download, finder, money, pager, status_tabs};
use crate::request::Staff;

const TABS: [(&str, &str); 5] =
    [("All", ""), ("For sale", "active"), ("Drafts", "draft"), ("Scheduled", "scheduled"), ("Archived", "archived")];

/// The list of products.
pub(crate) async fn list(staff: Staff) -> Answer {
    let rows = rows(&staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let body = html! {
        div.heading {
            h1 { "Products" }
            @if staff.may(Write(Products)) {
                div.actions {
                    a.button href=(staff.to("imports")) { "Import" }
                    a.button.main data-key="n" href=(staff.to("products/new")) { "New product" }
                }
            }
        }
        nav.tabs aria-label="Products by status" {
            (status_tabs(&staff, "products", &TABS))
            a href=(staff.to("groups")) { "Groups" }
        }
        (finder(&staff, "products", "Find products", "Name, words or SKU", &["status"]))
        (rows)
    };
    Ok(page(&staff, SECTION, "Products", &body))
}

/// All products of the list, as a file that an import reads.
pub(crate) async fn export(staff: Staff) -> Answer {
    let (filter, sort) = wanted(&staff);
    staff.office.host.table(Table::Products(Box::new(filter), sort)).await
}

/// The parameters of the list that say which products are wanted.
pub(super) const FILTERS: [&str; 2] = ["q", "status"];

/// The filter and the order that the query says. What makes no sense filters nothing.
pub(super) fn wanted(staff: &Staff) -> (ProductFilter, ProductSort) {
    let search = staff.query("q").and_then(|typed| SearchText::parse(typed).ok().flatten());
    let status = staff.query("status").and_then(|status| ProductStatus::parse(status).ok());
    let sort = if search.is_some() { ProductSort::Relevance } else { ProductSort::CreatedAtDescending };
    (ProductFilter { search, status, ..ProductFilter::default() }, sort)
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let (filter, sort) = wanted(staff);
    // A place in one order means nothing in the other.
    let list = if sort == ProductSort::Relevance { "products by relevance" } else { "products" };
    let queries = &staff.office.queries;
    let found = queries.products.list(&filter, sort, &staff.list_page(list)).await?;
    let meant = match &found.items[..] {
        [] => suggestion(&filter, staff.office.counts.as_ref(), queries.products.as_ref()).await?,
        _ => None,
    };
    let ids: Vec<_> = found.items.iter().map(|view| view.product.id).collect();
    let pictures = queries.media.first_of_products(&ids).await?;
    let may = staff.may(Write(Products));
    let chosen = Chosen::of(staff, "products", &FILTERS, ids.iter().map(|id| id.0));
    let all = if may && chosen.has_all() {
        bulk::offer(staff, &chosen, &filter).await?
    } else {
        html! {}
    };
    let row = |view: &ProductView| {
        let ProductView { product, in_stock } = view;
        let price = staff.office.shop.money(product.price);
        html! {
            tr {
                @if may { td.choose { (chosen.tick(product.id.0, &format!("Choose {}", product.name))) } }
                td.picture { (thumb(staff, pictures.get(&product.id), product)) }
                td data-label="Product" {
                    a.name href=(staff.to(&format!("products/{}", product.id))) { (product.name.as_str()) }
                    @if let Some(sku) = &product.sku { br; span.faint { (sku.as_str()) } }
                }
                td data-label="Status" {
                    (badge(product.status.as_str()))
                    @if !in_stock { " " (badge("out")) }
                }
                td.number data-label="Price" {
                    (money(price))
                    @if let Some(before) = product.particulars.compare_at_price {
                        br; s.faint { (money(staff.office.shop.money(before))) }
                    }
                }
            }
        }
    };
    Ok(html! {
        div #list {
            @if found.items.is_empty() { p.empty { "No product is here." (did_you_mean(staff, "products", meant.as_deref())) } } @else {
                form action=(staff.to("products/edit")) {
                    @if may {
                        div.bulk { button { "Edit the chosen ones" } (chosen.button(staff)) (all) }
                        (chosen.fields(staff))
                    }
                    div.card {
                        table {
                            thead {
                                tr { @if may { th { span.hidden { "Choose" } } } th { span.hidden { "Picture" } } th { "Product" } th { "Status" } th.number { "Price" } }
                            }
                            tbody { @for view in &found.items { (row(view)) } }
                        }
                    }
                    @if may { (chosen.pager(staff, list, found.next.as_ref())) }
                }
            }
            @if !may || found.items.is_empty() { (pager(staff, "products", list, found.next.as_ref())) }
            @if !found.items.is_empty() { (download(staff, "products/export.csv")) }
        }
    })
}
