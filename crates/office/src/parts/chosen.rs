use domain::{Cursor, Uuid};
use maud::{Markup, html};

use super::pager::{address, with_query};
use crate::request::Ask;

/// The most rows that are chosen one by one.
pub(crate) const MOST_CHOSEN: usize = 100;

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
        let mut ids = Vec::new();
        let given = ask.queries().iter().filter(|(name, _)| name == ID).filter_map(|(_, id)| Uuid::try_parse(id).ok());
        for id in given {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
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
                    @if kept > 0 { (kept) @if kept == 1 { " is" } @else { " are" } " chosen on other pages. " }
                    @if kept < elsewhere.len() { "At most " (MOST_CHOSEN) " stay chosen from page to page. " }
                    a href=(none) { "Choose none" }
                }
            }
        }
    }

    /// The way to other pages of the list, as buttons of the form, so that what is chosen goes with them.
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

    /// A page about all that match, with the filter of the list.
    pub(crate) fn all(&self, ask: &Ask, page: &str) -> String {
        ask.to(&address(page, self.filters.iter().filter_map(|name| Some((*name, ask.query(name)?)))))
    }
}

/// The name of the boxes that choose rows.
const ID: &str = "id";
/// The name of the button that chooses all rows of a page.
pub(super) const CHOOSE: &str = "choose";
