use application::Error;
use domain::SearchText;
use domain::access::Noun::Products;
use domain::access::Scope::Write;
use domain::products::{ProductFilter, ProductSort, ProductStatus, ProductView};
use maud::{Markup, html};

use super::{SECTION, thumb};
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{address, badge, finder, money, pager};
use crate::request::Staff;

const TABS: [(&str, &str); 5] =
    [("All", ""), ("For sale", "active"), ("Drafts", "draft"), ("Scheduled", "scheduled"), ("Archived", "archived")];

/// The list of products.
pub(crate) async fn list(staff: Staff) -> Answer {
    let rows = rows(&staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let status = staff.query("status").unwrap_or_default();
    let body = html! {
        div.heading {
            h1 { "Products" }
            @if staff.may(Write(Products)) {
                div.actions { a.button.main data-key="n" href=(staff.to("products/new")) { "New product" } }
            }
        }
        nav.tabs aria-label="Products by status" {
            @for (label, value) in TABS {
                @let to = address("products", (!value.is_empty()).then_some(("status", value)));
                a href=(staff.to(&to)) aria-current=[(value == status).then_some("page")] { (label) }
            }
        }
        (finder(&staff, "products", "Find products", "Name, words or SKU", &["status"]))
        (rows)
    };
    Ok(page(&staff, SECTION, "Products", &body))
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let search = staff.query("q").and_then(|typed| SearchText::parse(typed).ok().flatten());
    let status = staff.query("status").and_then(|status| ProductStatus::parse(status).ok());
    let sort = if search.is_some() { ProductSort::Relevance } else { ProductSort::CreatedAtDescending };
    let filter = ProductFilter { search, status, ..ProductFilter::default() };
    // A place in one order means nothing in the other.
    let list = if sort == ProductSort::Relevance { "products by relevance" } else { "products" };
    let queries = &staff.office.queries;
    let found = queries.products.list(&filter, sort, &staff.list_page(list)).await?;
    let ids: Vec<_> = found.items.iter().map(|view| view.product.id).collect();
    let pictures = queries.media.first_of_products(&ids).await?;
    let may = staff.may(Write(Products));
    let row = |view: &ProductView| {
        let ProductView { product, in_stock } = view;
        let price = staff.office.shop.money(product.price);
        html! {
            tr {
                @if may { td.choose { input type="checkbox" name="id" value=(product.id) aria-label={ "Choose " (product.name.as_str()) }; } }
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
            @if found.items.is_empty() { p.empty { "No product is here." } } @else {
                form action=(staff.to("products/edit")) {
                    @if may {
                        div.bulk { button { "Edit the chosen ones" } }
                    }
                    div.card {
                        table {
                            thead {
                                tr { @if may { th { span.hidden { "Choose" } } } th { span.hidden { "Picture" } } th { "Product" } th { "Status" } th.number { "Price" } }
                            }
                            tbody { @for view in &found.items { (row(view)) } }
                        }
                    }
                }
            }
            (pager(staff, "products", list, found.next.as_ref()))
        }
    })
}
