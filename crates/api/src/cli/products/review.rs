use std::collections::HashMap;

use application::{Clock, Ids};
use domain::products::{Product, ProductChange, ProductId, Sku};
use domain::stock::Stock;
use domain::{Code, StoreError};
use infrastructure::db::Database;
use infrastructure::system::{SystemClock, V7Ids};

use super::entry::Entry;
use crate::problem::Fault;

/// What a line leads to.
pub(super) enum Step {
    Make(Product, Stock),
    Change(ProductId, ProductChange),
    Nothing,
}

/// A step, and whether the file names another stock than the product has.
pub(super) struct Plan {
    pub step: Step,
    pub other_stock: bool,
}

/// The products that some lines name, as they are.
pub(super) struct Known {
    products: HashMap<ProductId, (Product, i64)>,
    by_sku: HashMap<Sku, ProductId>,
}

impl Known {
    pub async fn of(database: &Database, entries: impl Iterator<Item = &Entry> + Clone) -> Result<Self, StoreError> {
        let ids: Vec<_> = entries.clone().filter_map(|entry| entry.id).collect();
        let skus: Vec<_> = entries.filter_map(Entry::sku).cloned().collect();
        let by_id = database.products_by_id(&ids).await?;
        let by_sku = database.products_by_sku(&skus).await?;
        let known = by_id.into_iter().chain(by_sku).map(|known| (known.0.id, known)).collect::<HashMap<_, _>>();
        let with_sku = known.values().filter_map(|(product, _)| Some((product.sku.clone()?, product.id)));
        Ok(Self { by_sku: with_sku.collect(), products: known })
    }

    /// The product that a line is about: by its id, or else by its SKU.
    fn product(&self, entry: &Entry) -> Option<&(Product, i64)> {
        let id = entry.id.or_else(|| self.by_sku.get(entry.sku()?).copied())?;
        self.products.get(&id)
    }
}

/// What the good lines so far are about, each with its line.
#[derive(Default)]
pub(super) struct Seen {
    products: HashMap<ProductId, u64>,
    skus: HashMap<Sku, u64>,
}

impl Seen {
    /// Compares a line with those before it, and with what is there.
    pub fn review(&mut self, line: u64, entry: Entry, known: &Known) -> Result<Plan, Fault> {
        let found = known.product(&entry);
        let id = entry.id.or(found.map(|(product, _)| product.id));
        self.refuse(&entry, id, known).map_or(Ok(()), Err)?;
        self.skus.extend(entry.sku().map(|sku| (sku.clone(), line)));
        self.products.extend(id.map(|id| (id, line)));
        let Some((there, on_hand)) = found else {
            let (product, stock) = entry.made(|| ProductId(V7Ids.next()), SystemClock.now());
            return Ok(Plan { step: Step::Make(product, stock), other_stock: false });
        };
        let other_stock = entry.stock.is_some_and(|stock| stock.get() != *on_hand);
        let change = entry.change_of(there);
        let step = change.map_or(Step::Nothing, |change| Step::Change(there.id, change));
        Ok(Plan { step, other_stock })
    }

    /// Why a line cannot stand beside the others and what is there.
    fn refuse(&self, entry: &Entry, id: Option<ProductId>, known: &Known) -> Option<Fault> {
        let sku = |code, message: String| Fault { field: "sku".to_owned(), code, message: message.into() };
        let repeated = Code::Repeated.as_str();
        if let Some(line) = entry.sku().and_then(|sku| self.skus.get(sku)) {
            return Some(sku(repeated, format!("is that of line {line} too")));
        }
        // Another line of this file may give it away. An import that was broken off in between would not be the same again.
        if let Some(owner) = entry.sku().and_then(|sku| known.by_sku.get(sku)).filter(|owner| Some(**owner) != id) {
            return Some(sku("duplicate", format!("belongs to another product, {owner}")));
        }
        let line = self.products.get(&id?)?;
        let field = if entry.id.is_some() { "id" } else { "sku" };
        let message = format!("names the product of line {line} too");
        Some(Fault { field: field.to_owned(), code: repeated, message: message.into() })
    }
}
