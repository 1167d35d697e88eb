//! Products in order of relevance: tier by tier, in each the newest first.

use domain::products::{ProductView, Sku};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DbBackend, QueryFilter};

use super::product_list::{List, views};
use super::product_order::unindexed;
use super::product_search::Wanted;
use super::tokens::Place;
use crate::db::engine::{Executor as _, Pool};
use crate::db::entities::products::Column;
use crate::db::repositories::{ViewRow, viewed};

/// The product whose SKU is what was searched for.
const IS_IT: i64 = 1;
/// Products with all the words in the name.
const BY_NAME: i64 = 2;
/// All others.
const ELSEWHERE: i64 = 3;

/// A tier of a search that is read like a list.
#[derive(Clone)]
pub(super) struct Tier<'a> {
    /// The words of the search, in the name.
    in_name: Wanted<'a>,
    /// Whether the name must have them, or must not.
    is_by_name: bool,
    /// The SKU that is in a tier above.
    but: Option<Sku>,
}

impl Tier<'_> {
    /// The condition, by the index of words.
    pub fn by_index(&self, backend: DbBackend) -> Condition {
        self.with(self.in_name.by_index(backend))
    }

    /// The same, by looking at the words of each product.
    pub fn by_reading(&self) -> Condition {
        self.with(self.in_name.by_reading())
    }

    /// The condition, given that on the words in the name.
    fn with(&self, in_name: Expr) -> Condition {
        let other = |sku: &Sku| Column::Sku.is_null().or(Column::Sku.ne(sku.as_str()));
        Condition::all()
            .add(if self.is_by_name { in_name } else { in_name.not() })
            .add_option(self.but.as_ref().map(other))
    }
}

impl List<'_> {
    /// A page in order of relevance. Without a search all products are in the last tier.
    pub async fn by_tier(self, read: &Pool, page: &PageRequest) -> Result<Page<ProductView>, StoreError> {
        let (first, id) = match &self.after {
            Some(Cursor { key: CursorKey::Int(tier), id }) => (*tier, Some(*id)),
            _ => (IS_IT, None),
        };
        let mut found: Vec<(i64, ProductView)> = Vec::new();
        for tier in first..=ELSEWHERE {
            let missing = self.wanted.saturating_sub(u64::try_from(found.len()).unwrap_or(u64::MAX));
            if missing > 0 {
                let after = id.filter(|_| tier == first).map(|id: Uuid| Cursor { key: CursorKey::Id, id });
                let rows = Self { after, wanted: missing, ..self.clone() }.tier(tier, read).await?;
                found.extend(views(rows)?.into_iter().map(|view| (tier, view)));
            }
        }
        let cursor = |(tier, view): &(i64, ProductView)| Cursor { key: CursorKey::Int(*tier), id: view.product.id.0 };
        Ok(Page::cut(found, page.limit, cursor).map(|(_, view)| view))
    }

    /// What passes in a tier.
    async fn tier(self, tier: i64, read: &Pool) -> Result<Vec<ViewRow>, StoreError> {
        let sku = self.words.as_ref().and_then(|words| words.search.sku());
        let rows = match (&self.words, tier, sku) {
            (Some(_), IS_IT, Some(sku)) => {
                let find = viewed().filter(Column::Sku.eq(sku.as_str()));
                read.read(&find.filter(self.next(unindexed)).filter(self.passes(unindexed))).await?
            }
            (_, IS_IT, _) | (None, BY_NAME, _) => Vec::new(),
            (None, ..) => self.read(read).await?,
            (Some(words), _, but) => {
                let in_name = Wanted { place: Place::Name, ..words.clone() };
                let is_by_name = tier == BY_NAME;
                // Whatever has the words in its name has them.
                let words = Some(words.clone()).filter(|_| !is_by_name);
                let tier = Some(Tier { in_name, is_by_name, but });
                Self { words, tier, ..self }.read(read).await?
            }
        };
        Ok(rows)
    }
}
