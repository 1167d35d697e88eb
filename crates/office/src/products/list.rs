use std::collections::HashMap;

use application::Error;
use application::products::suggestion;
use domain::access::Noun::{Products, Stock};
use domain::access::Scope::{Read, Write};
use domain::products::{ProductId, ProductSort};
use domain::stock::StockFilter;
use maud::{Markup, html};

use super::folded::Folded;
use super::narrowed::{BY_GROUP, CATEGORY, COLLAPSE, Narrowed, parameters};
use super::row::Rows;
use super::{SECTION, bulk, categories, facets};
use crate::form::Form;
use crate::host::Table;
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{Chosen, Field, did_you_mean, download, finder_with, pager, status_tabs};
use crate::request::{Staff, all};

const TABS: [(&str, &str); 5] =
    [("All", ""), ("For sale", "active"), ("Drafts", "draft"), ("Scheduled", "scheduled"), ("Archived", "archived")];

/// The list of products.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let rows = rows(staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let names = parameters(staff);
    let without = |others: &[&str]| names.iter().copied().filter(|name| !others.contains(name)).collect::<Vec<_>>();
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
            (status_tabs(staff, "products", &TABS, &without(&["status"])))
            a href=(staff.to("groups")) { "Groups" }
        }
        (finder_with(staff, "products", "Find products", "Name, words or SKU", &without(&["q", CATEGORY, "sort", COLLAPSE]), &fields(staff).await?))
        (rows)
    };
    Ok(page(staff, SECTION, "Products", &body))
}

/// All products of the list, as a file that an import reads.
pub(crate) async fn export(staff: &Staff) -> Answer {
    let Narrowed { filter, sort, .. } = Narrowed::understood(staff).await?;
    staff.office.host.table(Table::Products(Box::new(filter), sort)).await
}

/// The name of the list. A place in one order means nothing in another.
fn list_of(sort: ProductSort) -> &'static str {
    match sort {
        ProductSort::CreatedAtDescending => "products",
        ProductSort::Relevance => "products by relevance",
        other => other.as_str(),
    }
}

/// The orders that the list can have.
const SORTS: [(&str, &str); 6] = [
    ("", "Newest, or what fits best"),
    ("name", "Name"),
    ("-name", "Name, backwards"),
    ("price", "Price, lowest first"),
    ("-price", "Price, highest first"),
    ("created_at", "Oldest first"),
];

/// What the list can have a row for.
const ROWS: [(&str, &str); 2] = [("", "Products"), (BY_GROUP, "Product groups")];

/// The fields that narrow the list and sort it.
async fn fields(staff: &Staff) -> Result<Markup, Error> {
    let form = Form::showing([CATEGORY, "sort", COLLAPSE].map(|name| (name, staff.query(name).unwrap_or_default())));
    let categories = categories::options(staff).await?;
    let options: Vec<_> = categories.iter().map(|(slug, shown)| (slug.as_str(), shown.as_str())).collect();
    Ok(html! {
        @if options.len() > 1 { (Field::choice(&form, CATEGORY, "Category", &options)) }
        (Field::choice(&form, "sort", "Order", &SORTS))
        (Field::choice(&form, COLLAPSE, "Rows", &ROWS))
    })
}

/// How many units of these products are on hand; `None` for who may not see stock.
async fn on_hand(staff: &Staff, ids: &[ProductId]) -> Result<Option<HashMap<ProductId, i64>>, Error> {
    if !staff.may(Read(Stock)) {
        return Ok(None);
    }
    let filter = StockFilter { product_ids: ids.to_vec(), ..StockFilter::default() };
    // Without a product, the filter would find all.
    let found = match ids {
        [] => Vec::new(),
        _ => all(async |page| staff.office.queries.stock.list(&filter, page).await).await?,
    };
    Ok(Some(found.into_iter().map(|stock| (stock.product_id, stock.on_hand)).collect()))
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let narrowed = Narrowed::by_query(staff).await?;
    let (filter, list) = (narrowed.listed(), list_of(narrowed.sort));
    let queries = &staff.office.queries;
    let found = queries.products.list(&filter, narrowed.sort, &staff.list_page(list)).await?;
    let meant = match &found.items[..] {
        [] => suggestion(&filter, staff.office.counts.as_ref(), queries.products.as_ref()).await?,
        _ => None,
    };
    let mut ids: Vec<_> = found.items.iter().map(|view| view.product.id).collect();
    let folded = Folded::of(staff, &filter, &ids).await?;
    ids.extend(folded.members());
    let pictures = queries.media.first_of_products(&ids).await?;
    let units = on_hand(staff, &ids).await?;
    // After the list, so that the counts are of no older state.
    let panel = facets::panel(staff, &narrowed, found.items.len(), found.next.is_some()).await?;
    let may = staff.may(Write(Products));
    let names = parameters(staff);
    let chosen = Chosen::of(staff, "products", &names, ids.iter().map(|id| id.0));
    let change_all = if may && chosen.has_all() {
        bulk::offer(staff, &chosen, &narrowed.filter).await?
    } else {
        html! {}
    };
    let rows = Rows { staff, chosen: may.then_some(&chosen), pictures, units, folded };
    Ok(html! {
        div #list {
            (panel)
            @if found.items.is_empty() { p.empty { "No products found." (did_you_mean(staff, "products", meant.as_deref())) } } @else {
                form action=(staff.to("products/edit")) {
                    @if may {
                        div.bulk {
                            button { "Edit the chosen ones" }
                            button formaction=(staff.to("products/change")) { "Change their status or category" }
                            (chosen.button(staff))
                            (change_all)
                        }
                    }
                    (chosen.fields(staff))
                    (rows.folded.field())
                    div.card {
                        table {
                            thead { (rows.head()) }
                            tbody { @for view in &found.items { (rows.of(view)) } }
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
