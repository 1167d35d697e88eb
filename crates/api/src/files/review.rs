use std::collections::HashMap;
use std::sync::Arc;

use application::attributes::Taxonomies;
use application::imports::{AttributeCell, Effect, Item, PlaceInGroup};
use application::{Clock, Queries};
use domain::attributes::AttributeType;
use domain::imports::WholeProduct;
use domain::products::{Barcode, Particulars, ProductFault, ProductId, ProductStatus, Sku};
use domain::slugs::Slug;
use domain::{Code, DecimalMark, Invalid, Shop, StoreError, UtcDateTime};

use super::compared::{is_changed, is_group_changed};
use super::decimal::Prices;
use super::entry::Entry;
use super::known::Known;
use super::records::Line;
use crate::problem::Fault;

/// What a line does.
pub(crate) struct Plan {
    pub item: Item,
    pub effect: Effect,
    /// Whether the line would change its group, had not the line before, which says the same of it.
    pub repeats: bool,
    /// Whether the stock in the file differs from that of the existing product.
    pub other_stock: bool,
}

/// Products and codes of the good lines so far, each with its line number.
#[derive(Default)]
struct Seen {
    products: HashMap<ProductId, u64>,
    skus: HashMap<Sku, u64>,
    slugs: HashMap<Slug, u64>,
    barcodes: HashMap<Barcode, u64>,
    /// What the last good line says of its group.
    said: Option<PlaceInGroup>,
}

/// Which optional parts of a file are imported.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReviewOptions {
    /// Whether the stock of the file is that of existing products, too.
    pub counts_stock: bool,
    /// Whether pictures are fetched.
    pub fetches_pictures: bool,
}

/// Reads the lines of a file, and compares them with the stored products.
pub(crate) struct Reviewer {
    shop: Shop,
    prices: Prices,
    pub options: ReviewOptions,
    seen: Seen,
    taxonomies: Arc<dyn Taxonomies>,
}

/// A line number with what the line does, or why it is refused.
pub(crate) type Reviewed = (u64, Result<Plan, Vec<Fault>>);

impl Reviewer {
    /// Of a file.
    pub fn new(
        shop: Shop,
        decimal: Option<DecimalMark>,
        options: ReviewOptions,
        taxonomies: Arc<dyn Taxonomies>,
    ) -> Self {
        let prices = Prices { currency: shop.currency, decimal };
        Self { shop, prices, options, seen: Seen::default(), taxonomies }
    }

    /// Compares what the next line says of its group with what there is, whatever the line before says. It is for lines that
    /// are compared after those before are written or refused.
    pub fn forget_group(&mut self) {
        self.seen.said = None;
    }

    /// What the next lines do, in their order, and what there is of what they name.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn review(
        &mut self,
        queries: &Queries,
        clock: &dyn Clock,
        lines: Vec<Line>,
    ) -> Result<(Vec<Reviewed>, Known), StoreError> {
        let at = (self.shop, self.prices);
        let read = |Line { number, value, defines, columns }| {
            (number, value.and_then(|value| Entry::read(number, value, (defines, &columns), at)))
        };
        let mut read: Vec<_> = lines.into_iter().map(read).collect();
        if !self.options.fetches_pictures {
            for entry in read.iter_mut().filter_map(|(_, entry)| entry.as_mut().ok()) {
                entry.item.media = None;
                entry.item.place.as_mut().into_iter().for_each(|place| place.media = None);
            }
        }
        let entries = read.iter().filter_map(|(_, entry)| entry.as_ref().ok());
        let known = Known::of(queries, &*self.taxonomies, entries).await?;
        let now = clock.now();
        let mut review = |entry| self.seen.review(entry, &known, self.options.counts_stock, now);
        let reviewed = read.into_iter().map(|(number, entry)| (number, entry.and_then(&mut review))).collect();
        Ok((reviewed, known))
    }
}

impl Seen {
    /// Compares a line with the lines before it and with the existing products. With `counts`, the stock of the file is
    /// that of existing products, too.
    ///
    /// # Errors
    /// The faults of a line that repeats a product or a code, has that of another product, or does not fit together.
    fn review(&mut self, entry: Entry, known: &Known, counts: bool, now: UtcDateTime) -> Result<Plan, Vec<Fault>> {
        let found = known.product(&entry);
        let line = entry.item.line;
        let id = entry.id.or(found.map(|whole| whole.product.id));
        if let Some(fault) = self.refuse(&entry, id, known) {
            return Err(vec![fault]);
        }
        let faults = check(&entry.item, found, known, now);
        if !faults.is_empty() {
            return Err(faults);
        }
        self.skus.extend(entry.sku().map(|sku| (sku.clone(), line)));
        self.slugs.extend(entry.slug().map(|slug| (slug.clone(), line)));
        self.barcodes.extend(entry.barcode().map(|barcode| (barcode.clone(), line)));
        self.products.extend(id.map(|id| (id, line)));
        let mut item = entry.item;
        if let Some(place) = &mut item.place {
            place.known = known.groups.get(&place.slug).map(|whole| whole.group.id);
        }
        let says_again = item.place.as_ref().zip(self.said.as_ref()).is_some_and(|(place, said)| place.says_as(said));
        if !says_again {
            self.said.clone_from(&item.place);
        }
        let Some(there) = found else {
            return Ok(Plan { item, effect: Effect::Created, repeats: false, other_stock: false });
        };
        item.known = Some(there.product.id);
        let other_stock = item.stock.is_some_and(|stock| stock.get() != there.on_hand);
        let changes_group = is_group_changed(&item, known);
        // What the line before has said of the group already is no change of this one.
        let repeats = says_again && changes_group;
        let is_changed = other_stock && counts || changes_group && !repeats || is_changed(&item, there, known, now);
        let effect = if is_changed { Effect::Updated } else { Effect::Unchanged };
        Ok(Plan { item, effect, repeats, other_stock: other_stock && !counts })
    }

    /// The conflict of a line with an earlier line or an existing product.
    fn refuse(&self, entry: &Entry, id: Option<ProductId>, known: &Known) -> Option<Fault> {
        let repeated = Code::Repeated.as_str();
        let fault =
            |field: &str, code, message: String| Fault { field: field.to_owned(), code, message: message.into() };
        let seen = |field: &str, what: &str, line: Option<&u64>| {
            line.map(|line| fault(field, repeated, format!("is also the {what} of line {line}")))
        };
        let owned = |field: &str, owner: Option<ProductId>| {
            let owner = owner.filter(|owner| Some(*owner) != id)?;
            Some(fault(field, "duplicate", format!("belongs to another product, {owner}")))
        };
        if let Some(fault) = seen("sku", "SKU", entry.sku().and_then(|sku| self.skus.get(sku))) {
            return Some(fault);
        }
        if let Some(class) = entry.tax_class().filter(|class| !known.classes.contains(class)) {
            let message = format!("must be the code of a tax class; {} is none", class.as_str());
            return Some(fault("tax_class", Code::NotFound.as_str(), message));
        }
        // Refused even if another line of this file changes the SKU of its owner: after an interruption between the
        // two, the same import would have another result.
        let taken = || {
            let sku = entry.sku().and_then(|sku| owned("sku", known.owner_of_sku(sku)));
            let slug = || seen("slug", "slug", entry.slug().and_then(|slug| self.slugs.get(slug)));
            let slug_owner = || entry.slug().and_then(|slug| owned("slug", known.owner_of_slug(slug)));
            let barcode = || seen("barcode", "barcode", entry.barcode().and_then(|one| self.barcodes.get(one)));
            let barcode_owner = || entry.barcode().and_then(|one| owned("barcode", known.owner_of_barcode(one)));
            sku.or_else(slug).or_else(slug_owner).or_else(barcode).or_else(barcode_owner)
        };
        if let Some(fault) = taken() {
            return Some(fault);
        }
        let line = self.products.get(&id?)?;
        let field = if entry.id.is_some() { "id" } else { "sku" };
        Some(fault(field, repeated, format!("names the same product as line {line}")))
    }
}

/// What is wrong with an item, apart from its codes.
fn check(item: &Item, found: Option<&WholeProduct>, known: &Known, now: UtcDateTime) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut refuse = |field: &str, Invalid { code, message }: Invalid| {
        faults.push(Fault { field: field.to_owned(), code: code.as_str(), message });
    };
    let required = || Invalid::new(Code::Required, "is required for a new product");
    if let Some(there) = found {
        if let Err(ProductFault { field, invalid }) = there.product.check(&item.change, now) {
            refuse(field, invalid);
        }
    } else {
        if item.change.name.is_none() && item.place.is_none() {
            refuse("name", required());
        }
        if item.change.price.is_none() {
            refuse("price", required());
        }
        let particulars = Particulars::default().changed(item.change.particulars.clone());
        let status = item.change.status.unwrap_or(ProductStatus::Active);
        let fit = item.change.price.map(|price| particulars.check(price, status, now));
        if let Some(Err(ProductFault { field, invalid })) = fit {
            refuse(field, invalid);
        }
    }
    for (prefix, cell) in item
        .attributes
        .iter()
        .map(|cell| ("attr", cell))
        .chain(item.place.iter().flat_map(|place| place.attributes.iter().map(|cell| ("group.attr", cell))))
    {
        if let Some(invalid) = unfit(cell, item, known) {
            refuse(&format!("{prefix}.{}", cell.code), invalid);
        }
    }
    if let Some(place) = &item.place {
        let group = known.groups.get(&place.slug);
        for cell in &place.options {
            let field = format!("option.{}", cell.code);
            match known.attributes.get(&cell.code) {
                Some(one) if one.kind != AttributeType::Choice || one.is_multiple => {
                    refuse(&field, Invalid::new(Code::NotAllowed, "must be a choice of which a product has one term"));
                }
                None if !item.defines.iter().any(|one| one.code == cell.code) => refuse(&field, no_such_attribute()),
                _ if group.is_some_and(|group| !group.options.contains(&cell.code)) => {
                    refuse(&field, Invalid::new(Code::UnknownField, "is no option of the group"));
                }
                _ => {}
            }
        }
        let is_joining = found.is_none_or(|there| there.member.is_none());
        let options = group.map(|group| group.options.as_slice()).unwrap_or_default();
        for code in options.iter().filter(|_| is_joining) {
            if !place.options.iter().any(|cell| cell.code == *code) {
                let invalid = Invalid::new(Code::Required, "is required: each member has a term of each option");
                refuse(&format!("option.{code}"), invalid);
            }
        }
        let other = found
            .and_then(|there| there.member.as_ref())
            .filter(|member| group.is_none_or(|group| group.group.id != member.group_id));
        if other.is_some() {
            refuse("group", Invalid::new(Code::Excluded, "must be the group that the product is in"));
        }
    }
    faults
}

fn no_such_attribute() -> Invalid {
    Invalid::new(Code::UnknownField, "there is no such attribute")
}

/// Why an attribute does not take a text.
fn unfit(cell: &AttributeCell, item: &Item, known: &Known) -> Option<Invalid> {
    let Some(attribute) = known.attributes.get(&cell.code) else {
        return (!item.defines.iter().any(|one| one.code == cell.code)).then(no_such_attribute);
    };
    if attribute.kind == AttributeType::Choice || cell.text.is_empty() {
        return None;
    }
    attribute.read(&cell.scalar(attribute.kind)).err()
}
