//! The list of products with one row for each product group, which shows its members when it is opened.

use std::collections::HashMap;

use application::Error;
use domain::Uuid;
use domain::groups::{GroupCard, GroupId, GroupView, ShownMember};
use domain::products::{ProductFilter, ProductId};
use maud::{Markup, html};

use crate::request::Staff;

/// The parameter with the group that is open.
const OPEN: &str = "open";
/// The parameter with the group that stays open unless a button opens another one.
const STAYS_OPEN: &str = "stays_open";

/// The groups of the products on a page; none if the list has a row for each product.
#[derive(Default)]
pub(super) struct Folded {
    cards: HashMap<ProductId, GroupCard>,
    open: Option<GroupView>,
}

impl Folded {
    /// The groups of these products, which pass a filter. A group shows all members of the filter's status, also those that
    /// the rest of the filter would leave out.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) async fn of(staff: &Staff, filter: &ProductFilter, ids: &[ProductId]) -> Result<Self, Error> {
        if !filter.is_collapsed || ids.is_empty() {
            return Ok(Self::default());
        }
        let groups = &staff.office.queries.groups;
        let cards = groups.cards(ids, filter.status).await?;
        let asked =
            staff.query(OPEN).or_else(|| staff.query(STAYS_OPEN)).and_then(|id| Uuid::try_parse(id).ok()).map(GroupId);
        let open = match asked.filter(|id| cards.values().any(|card| card.id == *id)) {
            Some(id) => groups.get(id, filter.status).await?,
            None => None,
        };
        Ok(Self { cards, open })
    }

    /// The members that are shown below a product: all others of its group, if that is open.
    pub(super) fn below(&self, id: ProductId) -> impl Iterator<Item = &ShownMember> {
        let open = self.open.iter().filter(move |view| self.is_of(id, view));
        open.flat_map(|view| &view.members).filter(move |member| member.id != id)
    }

    /// All members that are shown, but for those that have a row anyway.
    pub(super) fn members(&self) -> impl Iterator<Item = ProductId> {
        let members = self.open.iter().flat_map(|view| &view.members).map(|member| member.id);
        members.filter(|id| !self.cards.contains_key(id))
    }

    fn is_of(&self, id: ProductId, view: &GroupView) -> bool {
        self.cards.get(&id).is_some_and(|card| card.id == view.group.id)
    }

    /// The field of the list's form that keeps the open group open.
    pub(super) fn field(&self) -> Markup {
        html! { @if let Some(view) = &self.open { input type="hidden" name=(STAYS_OPEN) value=(view.group.id); } }
    }

    /// The button of the list's form that opens the group of a product, or closes it. What is chosen stays so.
    pub(super) fn button(&self, staff: &Staff, id: ProductId) -> Markup {
        let Some(card) = self.cards.get(&id).filter(|card| card.members > 1) else { return html! {} };
        let is_open = self.open.as_ref().is_some_and(|view| view.group.id == card.id);
        let list = staff.to("products");
        let opened = if is_open { "none".to_owned() } else { card.id.to_string() };
        html! {
            br;
            button.plain id=(format!("group-{}", card.id)) formaction=(list) name=(OPEN) value=(opened)
                aria-expanded=(is_open) hx-get=(list) hx-include="closest form" hx-target="#list" hx-swap="outerHTML"
                hx-push-url="true" {
                @if is_open { "Close " } @else { "All " (card.members) " of " } (card.name.as_str())
            }
        }
    }
}
