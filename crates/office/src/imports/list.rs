use application::Error;
use domain::access::Noun::Products;
use domain::access::Scope::Write;
use domain::imports::{Import, ImportFilter, ImportKind, ImportStatus};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, pager, status_tabs, time};
use crate::request::Staff;
use crate::settings::who::Names;

const LIST: &str = "imports";

const TABS: [(&str, &str); 4] = [("All", ""), ("To start", "checked"), ("Running", "running"), ("Done", "done")];

/// The list of imports, the newest first.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let rows = rows(staff).await?;
    let body = html! {
        p.back { a href=(staff.to("products")) { "Products" } }
        div.heading {
            h1 { "Imports" }
            @if staff.may(Write(Products)) {
                div.actions { a.button.main data-key="n" href=(staff.to("imports/new")) { "Import a file" } }
            }
        }
        nav.tabs aria-label="Imports by status" {
            (status_tabs(staff, LIST_PAGE, &TABS, &[]))
        }
        (rows)
    };
    Ok(page(staff, SECTION, "Imports", &body))
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let status = staff.query("status").and_then(|status| ImportStatus::parse(status).ok());
    let filter = ImportFilter { status, kind: None };
    let found = staff.office.queries.imports.list(filter, &staff.list_page(LIST)).await?;
    let names = Names::of(staff, found.items.iter().filter_map(|import| import.actor)).await?;
    Ok(html! {
        @if found.items.is_empty() { p.empty { "No imports found." } } @else {
            div.card {
                table {
                    thead {
                        tr {
                            th { "Import" } th { "Status" } th { "By" } th.number { "Rows" } th.number { "New" }
                            th.number { "Changed" } th.number { "Refused" }
                        }
                    }
                    tbody { @for import in &found.items { (row(staff, import, &names)) } }
                }
            }
        }
        (pager(staff, LIST_PAGE, LIST, found.next.as_ref()))
    })
}

fn row(staff: &Staff, import: &Import, names: &Names) -> Markup {
    html! {
        tr {
            td data-label="Import" {
                a.name href=(staff.to(&format!("{LIST_PAGE}/{}", import.id))) { (time(staff, import.created_at)) }
                @if import.kind() == ImportKind::Bulk { br; span.faint { "change of a selection" } }
            }
            td data-label="Status" { (badge(import.status.as_str())) }
            td data-label="By" { @if let Some(who) = import.actor { (names.get(who)) } }
            td.number data-label="Rows" { (import.rows) }
            td.number data-label="New" { (import.counts.creates) }
            td.number data-label="Changed" { (import.counts.updates) }
            td.number data-label="Refused" { (import.counts.failed) }
        }
    }
}
