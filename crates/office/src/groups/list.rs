use application::Error;
use domain::SearchText;
use domain::access::Noun::Products;
use domain::access::Scope::Write;
use domain::groups::{GroupFilter, ListedGroup};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{finder, money, pager};
use crate::request::Staff;

const LIST: &str = "product groups";

/// The list of groups.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let rows = rows(staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let body = html! {
        p.back { a href=(staff.to("products")) { "Products" } }
        div.heading {
            h1 { "Product groups" }
            @if staff.may(Write(Products)) {
                div.actions { a.button.main data-key="n" href=(staff.to("groups/new")) { "New group" } }
            }
        }
        (finder(staff, LIST_PAGE, "Find groups", "Words of the name", &[]))
        (rows)
    };
    Ok(page(staff, SECTION, "Product groups", &body))
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let search = staff.query("q").and_then(|typed| SearchText::parse(typed).ok().flatten());
    let filter = GroupFilter { search, status: None };
    let found = staff.office.queries.groups.list(&filter, &staff.list_page(LIST)).await?;
    Ok(html! {
        div #list {
            @if found.items.is_empty() { p.empty { "No groups found." } } @else {
                div.card {
                    table {
                        thead { tr { th { "Group" } th.number { "Products" } th.number { "Prices" } } }
                        tbody { @for listed in &found.items { (row(staff, listed)) } }
                    }
                }
            }
            (pager(staff, LIST_PAGE, LIST, found.next.as_ref()))
        }
    })
}

fn row(staff: &Staff, ListedGroup { group, card }: &ListedGroup) -> Markup {
    let shop = staff.office.shop;
    html! {
        tr {
            td data-label="Group" {
                a.name href=(staff.to(&format!("{LIST_PAGE}/{}", group.id))) { (group.name.as_str()) }
                br; span.faint { (group.slug.as_str()) }
            }
            td.number data-label="Products" { (card.members) }
            td.number data-label="Prices" {
                @if let Some((least, most)) = card.prices {
                    (money(shop.money(least)))
                    @if most != least { " to " (money(shop.money(most))) }
                }
            }
        }
    }
}
