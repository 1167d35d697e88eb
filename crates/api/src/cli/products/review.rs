use std::collections::HashMap;

use application::{Clock, Ids};
use domain::pricing::TaxClass;
use domain::products::{Barcode, Product, ProductChange, ProductFault, ProductId, Sku};
use domain::stock::Stock;
use domain::{Code, StoreError};
use infrastructure::db::Database;
use infrastructure::system::{SystemClock, V7Ids};

use super::entry::Entry;
use crate::problem::Fault;

/// The effect of a line.
pub(super) enum Step {
    Make(Product, Stock),
    Change(ProductId, ProductChange),
    Nothing,
}

/// A step, and whether the stock in the file differs from that of the existing product.
pub(super) struct Plan {
    pub step: Step,
    pub other_stock: bool,
}

/// The existing products of a batch of lines.
pub(super) struct Known {
    products: HashMap<ProductId, (Product, i64)>,
    by_sku: HashMap<Sku, ProductId>,
    by_barcode: HashMap<Barcode, ProductId>,
    /// The tax classes of the shop.
    classes: Vec<TaxClass>,
}

impl Known {
    pub async fn of(database: &Database, entries: impl Iterator<Item = &Entry> + Clone) -> Result<Self, StoreError> {
        let ids: Vec<_> = entries.clone().filter_map(|entry| entry.id).collect();
        let barcodes: Vec<_> = entries.clone().filter_map(Entry::barcode).cloned().collect();
        let skus: Vec<_> = entries.filter_map(Entry::sku).cloned().collect();
        let by_id = database.products_by_id(&ids).await?;
        let by_sku = database.products_by_sku(&skus).await?;
        let known = by_id.into_iter().chain(by_sku).map(|known| (known.0.id, known)).collect::<HashMap<_, _>>();
        let with_sku = known.values().filter_map(|(product, _)| Some((product.sku.clone()?, product.id)));
        let with_barcode = database.products_by_barcode(&barcodes).await?;
        let with_barcode = with_barcode.into_iter();
        let by_barcode =
            with_barcode.filter_map(|(product, _)| Some((product.particulars.barcode?, product.id))).collect();
        let classes = database.queries().tax_classes.codes().await?;
        Ok(Self { by_sku: with_sku.collect(), by_barcode, products: known, classes })
    }

    /// The existing product of a line: by id, or else by SKU.
    fn product(&self, entry: &Entry) -> Option<&(Product, i64)> {
        let id = entry.id.or_else(|| self.by_sku.get(entry.sku()?).copied())?;
        self.products.get(&id)
    }
}

/// Products, SKUs and barcodes of the good lines so far, each with its line number.
#[derive(Default)]
pub(super) struct Seen {
    products: HashMap<ProductId, u64>,
    skus: HashMap<Sku, u64>,
    barcodes: HashMap<Barcode, u64>,
}

impl Seen {
    /// Compares a line with the lines before it and with the existing products.
    ///
    /// # Errors
    /// The fault of a line that repeats a product, an SKU or a barcode, has that of another product, or does not fit
    /// together.
    pub fn review(&mut self, line: u64, entry: Entry, known: &Known) -> Result<Plan, Fault> {
        let found = known.product(&entry);
        let id = entry.id.or(found.map(|(product, _)| product.id));
        self.refuse(&entry, id, known).map_or(Ok(()), Err)?;
        self.skus.extend(entry.sku().map(|sku| (sku.clone(), line)));
        self.barcodes.extend(entry.barcode().map(|barcode| (barcode.clone(), line)));
        self.products.extend(id.map(|id| (id, line)));
        let Some((there, on_hand)) = found else {
            let made = entry.made(|| ProductId(V7Ids.next()), SystemClock.now());
            let (product, stock) = made.map_err(unfit)?;
            return Ok(Plan { step: Step::Make(product, stock), other_stock: false });
        };
        let other_stock = entry.stock.is_some_and(|stock| stock.get() != *on_hand);
        let change = entry.change_of(there, SystemClock.now()).map_err(unfit)?;
        let step = change.map_or(Step::Nothing, |change| Step::Change(there.id, change));
        Ok(Plan { step, other_stock })
    }

    /// The conflict of a line with an earlier line or an existing product.
    fn refuse(&self, entry: &Entry, id: Option<ProductId>, known: &Known) -> Option<Fault> {
        let sku = |code, message: String| Fault { field: "sku".to_owned(), code, message: message.into() };
        let repeated = Code::Repeated.as_str();
        if let Some(line) = entry.sku().and_then(|sku| self.skus.get(sku)) {
            return Some(sku(repeated, format!("is also the SKU of line {line}")));
        }
        if let Some(class) = entry.tax_class().filter(|class| !known.classes.contains(class)) {
            let message = format!("must be the code of a tax class; {} is none", class.as_str());
            let code = Code::NotFound.as_str();
            return Some(Fault { field: "tax_class".to_owned(), code, message: message.into() });
        }
        // Refused even if another line of this file changes the SKU of its owner: after an interruption between the
        // two, the same import would have another result.
        if let Some(owner) = entry.sku().and_then(|sku| known.by_sku.get(sku)).filter(|owner| Some(**owner) != id) {
            return Some(sku("duplicate", format!("belongs to another product, {owner}")));
        }
        if let Some(fault) = self.refuse_barcode(entry, id, known) {
            return Some(fault);
        }
        let line = self.products.get(&id?)?;
        let field = if entry.id.is_some() { "id" } else { "sku" };
        let message = format!("names the same product as line {line}");
        Some(Fault { field: field.to_owned(), code: repeated, message: message.into() })
    }

    /// The same of its barcode.
    fn refuse_barcode(&self, entry: &Entry, id: Option<ProductId>, known: &Known) -> Option<Fault> {
        let fault = |code, message: String| Fault { field: "barcode".to_owned(), code, message: message.into() };
        let barcode = entry.barcode()?;
        if let Some(line) = self.barcodes.get(barcode) {
            return Some(fault(Code::Repeated.as_str(), format!("is also the barcode of line {line}")));
        }
        let owner = known.by_barcode.get(barcode).filter(|owner| Some(**owner) != id)?;
        Some(fault("duplicate", format!("belongs to another product, {owner}")))
    }
}

/// The fault of a line whose fields do not fit together.
fn unfit(ProductFault { field, invalid }: ProductFault) -> Fault {
    Fault { field: field.to_owned(), code: invalid.code.as_str(), message: invalid.message }
}
