use application::Error;
use domain::access::Noun::Products;
use domain::access::Scope::Write;
use domain::imports::{Import, ImportKind, ImportRow, ImportStatus, RowCounts, RowStatus, RowsGone};
use domain::{Cursor, CursorKey, Page};
use maud::{Markup, html};

use super::columns::Columns;
use super::{LIST_PAGE, SECTION, asked, counted, options};
use crate::form::Form;
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{badge, key, pager, problems, time};
use crate::request::{Ask, Staff};

pub(super) const TITLE: &str = "Import";

/// The list of refused rows, for its pages.
const ROWS: &str = "refused rows";

/// What is shown of an import.
pub(super) struct Around {
    pub(super) import: Import,
    pub(super) columns: Columns,
    refused: Page<ImportRow>,
}

impl Around {
    /// The import of the path.
    ///
    /// # Errors
    /// [`Error::NotFound`], or if the database does not answer.
    pub(super) async fn of(staff: &Staff) -> Result<Self, Error> {
        let import = asked(staff).await?;
        let columns = Columns::of(staff, &import).await?;
        let refused = refused(staff, &import).await?;
        Ok(Self { import, columns, refused })
    }

    /// The form that says how its file is read.
    pub(super) fn form(&self) -> Form {
        Form::filled(self.import.version, &self.held())
    }

    /// Whether it has a file, and not a change of products that a filter finds.
    fn has_file(&self) -> bool {
        self.import.kind() == ImportKind::Products
    }

    /// Whether the file can be read in another way.
    fn is_open(&self) -> bool {
        self.has_file()
            && self.import.is_received
            && matches!(self.import.status, ImportStatus::Checked | ImportStatus::Failed)
    }

    /// Whether it goes on by itself.
    fn is_moving(&self) -> bool {
        matches!(self.import.status, ImportStatus::Checking | ImportStatus::Running)
    }
}

/// An import. While it goes on, a script asks for it again and again.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let around = Around::of(staff).await?;
    if staff.wants_part() {
        return Ok(part(&state(staff, &around, &around.form())));
    }
    Ok(page(staff, SECTION, TITLE, &contents(staff, &around, &around.form())))
}

async fn refused(staff: &Staff, import: &Import) -> Result<Page<ImportRow>, Error> {
    let asked = staff.list_page(ROWS);
    let after = match asked.after.map(|cursor| cursor.key) {
        Some(CursorKey::Int(line)) => line.unsigned_abs(),
        _ => 0,
    };
    let (id, limit) = (import.id, asked.limit);
    let status = Some(RowStatus::Failed);
    let rows = staff.office.queries.imports.rows(id, status, after, limit.get().saturating_add(1)).await?;
    let line = |row: &ImportRow| i64::try_from(row.row.line).unwrap_or(i64::MAX);
    Ok(Page::cut(rows, limit, |row| Cursor { key: CursorKey::Int(line(row)), id: id.0 }))
}

pub(super) fn contents(staff: &Staff, around: &Around, form: &Form) -> Markup {
    html! {
        p.back { a href=(staff.to(LIST_PAGE)) { "Imports" } }
        div.heading {
            h1 { @if around.has_file() { "Import of " } @else { "Change of " } (time(staff, around.import.created_at)) }
        }
        (state(staff, around, form))
    }
}

/// All of an import that may change while one looks at it.
fn state(staff: &Staff, around: &Around, form: &Form) -> Markup {
    let import = &around.import;
    let place = staff.to(&format!("{LIST_PAGE}/{}", import.id));
    let watch = around.is_moving().then(|| format!("{place}?{}=1", Ask::BY_ITSELF));
    html! {
        div #list hx-get=[watch] hx-trigger=[around.is_moving().then_some("load delay:1s")] hx-swap="outerHTML" {
            (problems(form))
            section.card {
                h2 { "State " (badge(import.status.as_str())) }
                div.in {
                    (status_of(import))
                    @if let Err(RowsGone(at)) = import.expect_rows() {
                        p.faint { "Its rows were removed " (time(staff, at)) ": they are kept for some time after its end." }
                    }
                    (steps(staff, around, &place))
                }
            }
            @if !around.refused.items.is_empty() { (rows(staff, around)) }
            @if around.is_open() && staff.may(Write(Products)) {
                form.card.in.form method="post" action=(place) {
                    h2 { "How the file is read" }
                    (key(staff, form))
                    @for (name, value) in form.memory() { input type="hidden" name=(name) value=(value); }
                    (options::fields(form))
                    (around.columns.show(form, true))
                    div.actions { button { "Check again" } }
                }
            } @else if around.has_file() && !around.is_moving() {
                section.card { h2 { "Columns" } (around.columns.show(form, false)) }
            }
        }
    }
}

/// How far it is, in words.
fn status_of(import: &Import) -> Markup {
    let RowCounts { creates, updates, unchanged, failed, done } = import.counts;
    let rows = |number| counted(number, "row", "rows");
    html! {
        @match import.status {
            ImportStatus::Checking => p { "Its rows are being checked: " (rows(import.rows)) " so far. Nothing is written." },
            ImportStatus::Checked => {
                p { "Checked. Nothing is written yet. Started, it does this:" }
                ul {
                    li { (counted(creates, "row makes a product", "rows make products")) "." }
                    li { (counted(updates, "row changes a product", "rows change products")) "." }
                    @if unchanged > 0 { li { (counted(unchanged, "row says", "rows say")) " what is so already." } }
                    @if failed > 0 { li { (counted(failed, "row is", "rows are")) " refused, for the reasons below." } }
                }
            },
            ImportStatus::Running => {
                p { (done) " of " (rows(import.rows)) " are written." }
                progress value=(done + failed) max=(import.rows.max(1)) aria-label="Rows that are written" {}
            },
            ImportStatus::Done => p { (rows(done)) " of " (import.rows) @if done == 1 { " is" } @else { " are" } " written"
                @if failed > 0 { ", " (failed) " refused" } "." },
            ImportStatus::Cancelled => p { "It was stopped. " (rows(done)) @if done == 1 { " is" } @else { " are" } " written." },
            ImportStatus::Failed => p { "The file cannot be read: " (import.problem.as_deref().unwrap_or("it broke off")) },
        }
    }
}

/// What can be done with it.
fn steps(staff: &Staff, around: &Around, place: &str) -> Markup {
    let Import { status, counts, version, .. } = &around.import;
    let may = staff.may(Write(Products));
    let has_rows = around.import.expect_rows().is_ok();
    let does = counts.creates + counts.updates > 0;
    html! {
        div.actions {
            @if around.is_moving() { a.button href=(place) { "Look again" } }
            @if may && matches!(status, ImportStatus::Checking | ImportStatus::Checked | ImportStatus::Running) {
                a.button data-opens href={ (place) "/cancel" } { "Stop" }
            }
            @if counts.failed > 0 && has_rows { a.button href={ (place) "/failed.csv" } hx-boost="false" { "Refused rows as a file" } }
            @if counts.done > 0 && counts.updates > 0 && has_rows {
                a.button href={ (place) "/before.csv" } hx-boost="false" { "What it was before, as a file" }
            }
            @if may && *status == ImportStatus::Checked && does {
                form method="post" action={ (place) "/start" } {
                    (key(staff, &Form::default()))
                    input type="hidden" name="version" value=(version.0);
                    @if counts.failed == 0 { button.main { "Start" } } @else {
                        button.main name="skip_failed" value="true" { "Start without the refused rows" }
                    }
                }
            }
        }
    }
}

/// The refused rows, each with its reasons.
fn rows(staff: &Staff, around: &Around) -> Markup {
    let page = format!("{LIST_PAGE}/{}", around.import.id);
    html! {
        section.card {
            h2 { "Refused rows" }
            table {
                thead { tr { th.number { "Line" } th { "Row" } th { "Why" } } }
                tbody {
                    @for row in &around.refused.items {
                        tr {
                            td.number data-label="Line" { (row.row.line) }
                            td data-label="Row" { span.word { (beginning(&row.row.cells)) } }
                            td data-label="Why" {
                                @for (place, error) in row.errors.iter().enumerate() {
                                    @if place > 0 { br; }
                                    @if error.field != "line" { strong { (error.field) } " " }
                                    (error.message)
                                }
                            }
                        }
                    }
                }
            }
        }
        (pager(staff, &page, ROWS, around.refused.next.as_ref()))
    }
}

/// The first cells of a row that say something.
fn beginning(cells: &[String]) -> String {
    const CELLS: usize = 4;
    const SIGNS: usize = 40;
    let said = cells.iter().filter(|cell| !cell.trim().is_empty()).take(CELLS);
    said.map(|cell| cell.chars().take(SIGNS).collect()).collect::<Vec<String>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_shown_by_its_first_cells_r245() {
        let cells = ["MUG", "", "Mug", "1", "2", "3"].map(ToOwned::to_owned);
        assert_eq!(beginning(&cells), "MUG · Mug · 1 · 2");
        assert_eq!(beginning(&["x".repeat(50)]).len(), 40);
    }
}
