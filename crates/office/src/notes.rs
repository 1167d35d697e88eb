//! Notes of staff on orders and customers (R240).

use application::Error;
use application::notes::{CreateNote, DeleteNote};
use domain::access::Noun::{Customers, Orders};
use domain::access::Scope::{self, Write};
use domain::customers::CustomerId;
use domain::notes::{NoteId, NoteOwner, NoteText, ShownNote};
use domain::orders::OrderId;
use domain::{UtcDateTime, Uuid};
use maud::{Markup, html};

use crate::act::{after, mistyped, once, redirect};
use crate::form::Form;
use crate::layout::page;
use crate::orders::list::{done, with_filter};
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog, key, pager, time};
use crate::request::{Staff, first};

/// The most notes that the timeline of an order shows.
pub(crate) const SHOWN: i64 = 50;
/// The list of the notes on a customer.
const LIST: &str = "notes";

/// What a note is on: the page of its owner, and the section.
struct OwnerPage {
    owner: NoteOwner,
    path: String,
    section: &'static str,
    /// What writing and deleting notes on it needs.
    writes: Scope,
}

fn of_order(staff: &Staff) -> Result<OwnerPage, Error> {
    staff.id::<OrderId>("order").map(|id| OwnerPage::of(NoteOwner::Order(id)))
}

fn of_customer(staff: &Staff) -> Result<OwnerPage, Error> {
    staff.id::<CustomerId>("customer").map(|id| OwnerPage::of(NoteOwner::Customer(id)))
}

impl OwnerPage {
    fn of(owner: NoteOwner) -> Self {
        let (folder, section, noun) = match owner {
            NoteOwner::Order(_) => ("orders", "Orders", Orders),
            NoteOwner::Customer(_) => ("customers", "Customers", Customers),
        };
        Self { owner, path: format!("{folder}/{}", owner.id().as_hyphenated()), section, writes: Write(noun) }
    }

    /// The page of the owner after an action. That of an order keeps the filter of its list.
    fn after(&self, staff: &Staff, word: &str) -> String {
        match self.owner {
            NoteOwner::Order(id) => done(staff, id, word),
            NoteOwner::Customer(_) => format!("{}?done={word}", self.path),
        }
    }
}

/// The notes on a customer, page by page, with the way to another one.
pub(crate) async fn of(staff: &Staff, customer: CustomerId) -> Result<Markup, Error> {
    let owner = NoteOwner::Customer(customer);
    let shown_on = OwnerPage::of(owner);
    let found = staff.office.queries.notes.list(owner, &staff.list_page(LIST)).await?;
    Ok(html! {
        section.card {
            h2 { "Notes" }
            div.in {
                @if found.items.is_empty() { p.faint { "None. Customers see no notes." } }
                @for shown in &found.items { (of_one(staff, &shown_on, shown)) p.faint { (time(staff, shown.note.at)) } }
                @if staff.may(Write(Customers)) { (writing(staff, owner)) }
                (pager(staff, &shown_on.path, LIST, found.next.as_ref()))
            }
        }
    })
}

/// The latest notes, newest first, each with its author and when it was written.
pub(crate) struct Latest {
    pub(crate) notes: Vec<(UtcDateTime, Markup)>,
    /// Whether there are older ones.
    pub(crate) has_older: bool,
}

impl Latest {
    /// Those on an order or a customer.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(crate) async fn of(staff: &Staff, owner: NoteOwner) -> Result<Self, Error> {
        let shown_on = OwnerPage::of(owner);
        let found = staff.office.queries.notes.list(owner, &first(SHOWN)).await?;
        let notes = found.items.iter().map(|shown| (shown.note.at, of_one(staff, &shown_on, shown))).collect();
        Ok(Self { notes, has_older: found.next.is_some() })
    }
}

/// The way to a new note.
pub(crate) fn writing(staff: &Staff, owner: NoteOwner) -> Markup {
    html! { a.button data-opens href=(staff.to(&with_filter(staff, &format!("{}/notes", OwnerPage::of(owner).path)))) { "Write a note" } }
}

fn of_one(staff: &Staff, shown_on: &OwnerPage, ShownNote { note, author }: &ShownNote) -> Markup {
    html! {
        p.note { (note.text.as_str()) }
        div.byline {
            span.faint { "Note by " (author.as_deref().unwrap_or("somebody who left")) }
            @if staff.may(shown_on.writes) && note.is_by(staff.visit.access.account_id.0) {
                form method="post" action=(staff.to(&with_filter(staff, &format!("{}/notes/delete", shown_on.path)))) {
                    (key(staff, &Form::default()))
                    input type="hidden" name="note" value=(note.id);
                    button.plain { "Delete" }
                }
            }
        }
    }
}

/// The form of a note on an order.
pub(crate) async fn order_form(staff: &Staff) -> Answer {
    let shown_on = of_order(staff)?;
    Ok(page(staff, shown_on.section, "Note", &contents(staff, &shown_on, &Form::default())))
}

/// The form of a note on a customer.
pub(crate) async fn customer_form(staff: &Staff) -> Answer {
    let shown_on = of_customer(staff)?;
    Ok(page(staff, shown_on.section, "Note", &contents(staff, &shown_on, &Form::default())))
}

/// Writes a note on an order.
pub(crate) async fn note_order(staff: &Staff) -> Answer {
    let shown_on = of_order(staff)?;
    write(staff, shown_on).await
}

/// Writes a note on a customer.
pub(crate) async fn note_customer(staff: &Staff) -> Answer {
    let shown_on = of_customer(staff)?;
    write(staff, shown_on).await
}

/// Deletes one's own note on an order.
pub(crate) async fn delete_of_order(staff: &Staff) -> Answer {
    let shown_on = of_order(staff)?;
    delete(staff, shown_on).await
}

/// Deletes one's own note on a customer.
pub(crate) async fn delete_of_customer(staff: &Staff) -> Answer {
    let shown_on = of_customer(staff)?;
    delete(staff, shown_on).await
}

async fn write(staff: &Staff, shown_on: OwnerPage) -> Answer {
    let mut form = staff.form();
    let shown = (shown_on.section, "Note");
    let Some(text) = form.required("text", NoteText::parse) else {
        return Ok(mistyped(staff, shown, &contents(staff, &shown_on, &form)));
    };
    let written = once(staff, CreateNote { owner: shown_on.owner, text }).await;
    let then = shown_on.after(staff, "noted");
    after(staff, written, &then, form, shown, |form| contents(staff, &shown_on, form))
}

async fn delete(staff: &Staff, shown_on: OwnerPage) -> Answer {
    let form = staff.form();
    let id = form.text("note").and_then(|id| Uuid::try_parse(id).ok()).map(NoteId).ok_or(Error::NotFound("note"))?;
    match once(staff, DeleteNote { owner: shown_on.owner, id }).await {
        // It is gone already.
        Ok(()) | Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(redirect(staff, &shown_on.after(staff, "removed")))
}

fn contents(staff: &Staff, shown_on: &OwnerPage, form: &Form) -> Markup {
    let asked = Dialog {
        title: "Write a note".to_owned(),
        action: with_filter(staff, &format!("{}/notes", shown_on.path)),
        back: with_filter(staff, &shown_on.path),
        button: "Save",
        is_final: false,
    };
    let text = Field::text(form, "text", "Note").lines(5).max(NoteText::MAX).required().focused();
    dialog(
        staff,
        form,
        &asked,
        &html! { (text.hint("Customers see no notes, unless they ask for all that is kept of them.")) },
    )
}
