use domain::{Cursor, Uuid};
use maud::{Markup, html};

use super::pager::{address, with_query};
use crate::request::Ask;

/// The most rows that are chosen one by one.
pub(crate) const MOST_CHOSEN: usize = 100;

/// The rows that a request has chosen one by one.
pub(crate) struct Picked {
    /// The first [`MOST_CHOSEN`] of them, each once.
    pub(crate) ids: Vec<Uuid>,
    /// How many more were chosen.
    beyond: usize,
}

impl Picked {
    /// The rows with these ids. What is no id chooses nothing.
    pub(crate) fn of<'a>(given: impl Iterator<Item = &'a str>) -> Self {
        let mut ids = distinct(given);
        let beyond = ids.len().saturating_sub(MOST_CHOSEN);
        ids.truncate(MOST_CHOSEN);
        Self { ids, beyond }
    }

    /// The rows that the query has chosen.
    pub(crate) fn in_query(ask: &Ask) -> Self {
        Self::of(in_query(ask))
    }

    /// Says how many of the chosen rows are left out; nothing if none is. `things` is what the rows are, in the plural, and
    /// `done` what becomes of them.
    pub(crate) fn left_out(&self, things: &str, done: &str) -> Option<String> {
        let (most, beyond) = (MOST_CHOSEN, self.beyond);
        let all = self.ids.len() + beyond;
        (beyond > 0).then(|| {
            format!(
                "You chose {all} {things}. At most {most} are {done} at once: these are the first {most} of {all}. \
                 The other {beyond} stay as they are; choose them again afterwards."
            )
        })
    }
}

/// Each id of these once, in their order.
fn distinct<'a>(given: impl Iterator<Item = &'a str>) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for id in given.filter_map(|id| Uuid::try_parse(id).ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn in_query(ask: &Ask) -> impl Iterator<Item = &str> {
    ask.queries().iter().filter(|(name, _)| name == ID).map(|(_, id)| id.as_str())
}

/// Rows of a list that are chosen, also on its other pages. They stand in the query of the list, so that they stay chosen
/// from page to page without a script.
pub(crate) struct Chosen<'a> {
    /// The list, relative to `/office/`.
    pub(crate) page: &'a str,
    /// The parameters that say which rows the list has.
    pub(crate) filters: &'a [&'a str],
    ids: Vec<Uuid>,
    /// The rows of this page.
    shown: Vec<Uuid>,
    /// Whether all rows of this page are to be chosen.
    is_page: bool,
}

impl<'a> Chosen<'a> {
    /// What the query of a list has chosen, of which these rows are shown.
    pub(crate) fn of(ask: &Ask, page: &'a str, filters: &'a [&'a str], shown: impl Iterator<Item = Uuid>) -> Self {
        let ids = distinct(in_query(ask));
        Self { page, filters, ids, shown: shown.collect(), is_page: ask.query(CHOOSE).is_some() }
    }

    /// The box that chooses a row of this page.
    pub(crate) fn tick(&self, id: Uuid, label: &str) -> Markup {
        html! { input type="checkbox" name=(ID) value=(id) checked[self.has(id)] aria-label=(label); }
    }

    fn has(&self, id: Uuid) -> bool {
        self.is_page || self.ids.contains(&id)
    }

    /// Whether all rows of this page are chosen, so that all that match may be wanted.
    pub(crate) fn has_all(&self) -> bool {
        !self.shown.is_empty() && self.shown.iter().all(|id| self.has(*id))
    }

    /// The button that chooses all rows of this page.
    pub(crate) fn button(&self, ask: &Ask) -> Markup {
        html! {
            @if !self.has_all() {
                button.plain name=(CHOOSE) value="page" formaction=(ask.to(self.page)) { "Choose all of this page" }
            }
        }
    }

    /// What is chosen already, and the fields of the form that keep it, with the list's place and filter.
    pub(crate) fn fields(&self, ask: &Ask) -> Markup {
        let elsewhere: Vec<_> = self.ids.iter().filter(|id| !self.shown.contains(id)).collect();
        let kept = elsewhere.len().min(MOST_CHOSEN);
        let none = ask.to(&with_query(self.page, ask, ask.place()));
        html! {
            @for name in self.filters {
                @if let Some(value) = ask.query(name) { input type="hidden" name=(name) value=(value); }
            }
            @if let Some(place) = ask.place() { input type="hidden" name=(Ask::HERE) value=(place); }
            @for id in elsewhere.iter().take(kept) { input type="hidden" name=(ID) value=(id); }
            @if kept > 0 || self.has_all() {
                p.chosen {
                    @if self.has_all() { "All " (self.shown.len()) " of this page are chosen. " }
                    @if kept > 0 { (kept) @if kept == 1 { " is" } @else { " are" } " chosen that this page does not show. " }
                    @if let dropped @ 1.. = elsewhere.len() - kept {
                        "At most " (MOST_CHOSEN) " stay chosen from page to page: the other " (dropped) " are not. "
                    }
                    a href=(none) { "Choose none" }
                }
            }
        }
    }

    /// The buttons to other pages of the list. They send the form, so that the choice is kept.
    pub(crate) fn pager(&self, ask: &Ask, list: &str, next: Option<&Cursor>) -> Markup {
        let page = ask.to(self.page);
        html! {
            @if ask.place().is_some() || next.is_some() {
                nav.pager aria-label="Pages" {
                    @if ask.place().is_some() { button formaction=(page) name="after" value=(Ask::FIRST) { "First page" } }
                    @if let Some(next) = next {
                        button formaction=(page) name="after" value=(ask.office.host.cursor(list, next)) { "Next page" }
                    }
                }
            }
        }
    }

    /// The address of a page about all matching rows, with the filter of the list.
    pub(crate) fn all(&self, ask: &Ask, page: &str) -> String {
        ask.to(&address(page, ask.queries_of(self.filters)))
    }
}

/// The name of the boxes that choose rows.
const ID: &str = "id";
/// The name of the button that chooses all rows of a page.
pub(super) const CHOOSE: &str = "choose";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_are_changed_at_once_are_counted_r239() {
        let ids: Vec<_> = (0..110).map(|n| Uuid::from_u128(n).to_string()).collect();
        let given = ids.iter().chain(&ids).map(String::as_str).chain(["no id"]);
        let picked = Picked::of(given);
        assert_eq!((picked.ids.len(), picked.beyond), (100, 10));
        let said = picked.left_out("orders", "shipped").unwrap();
        assert!(said.starts_with("You chose 110 orders. At most 100 are shipped at once"), "{said}");
        let few = Picked::of(ids.iter().take(100).map(String::as_str));
        assert_eq!((few.ids.len(), few.left_out("orders", "shipped")), (100, None));
    }
}
