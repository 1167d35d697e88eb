use std::collections::HashMap;

use domain::Uuid;
use domain::attributes::AttributeId;
use domain::facets::CountedProduct;
use domain::products::{ProductId, ProductStatus};
use domain::terms::TermId;
use roaring::RoaringBitmap;

/// The group of a product that has none.
pub(super) const SINGLE: u32 = u32::MAX;

/// What is counted of products, by columns. A product has a number, its place in each column, by which it stands in sets.
///
/// A product that changes gets a new number, and the old one is not alive any more.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// The products by number. Those that were there when the columns were made are in order of id.
    ids: Vec<Uuid>,
    /// How many were there when the columns were made.
    first: usize,
    /// The numbers of those that came later.
    later: HashMap<Uuid, u32>,
    pub prices: Vec<i64>,
    /// The number of the group, or [`SINGLE`].
    pub groups: Vec<u32>,
    group_numbers: HashMap<Uuid, u32>,
    pub alive: RoaringBitmap,
    pub in_stock: RoaringBitmap,
    pub on_sale: RoaringBitmap,
    statuses: HashMap<ProductStatus, RoaringBitmap>,
    terms: HashMap<AttributeId, HashMap<TermId, RoaringBitmap>>,
    numbers: HashMap<AttributeId, Numbers>,
}

/// The numbers that products have of an attribute, in order of the products' own.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    products: Vec<u32>,
    values: Vec<i64>,
}

impl Columns {
    /// Adds products that come after all others in order of id.
    pub fn extend(&mut self, products: Vec<CountedProduct>) {
        for product in products {
            self.push(product);
        }
        self.first = self.ids.len();
    }

    /// Puts products in place of what was known of these.
    pub fn replace(&mut self, ids: &[Uuid], products: Vec<CountedProduct>) {
        for id in ids {
            if let Some(number) = self.number(*id) {
                self.alive.remove(number);
            }
        }
        for product in products {
            let id = product.id.0;
            if let Some(number) = self.push(product) {
                self.later.insert(id, number);
            }
        }
    }

    fn push(&mut self, product: CountedProduct) -> Option<u32> {
        let number = u32::try_from(self.ids.len()).ok()?;
        self.ids.push(product.id.0);
        self.prices.push(product.price);
        let group = product.group_id.map(|id| {
            let next = u32::try_from(self.group_numbers.len()).unwrap_or(SINGLE);
            *self.group_numbers.entry(id.0).or_insert(next)
        });
        self.groups.push(group.unwrap_or(SINGLE));
        self.alive.insert(number);
        self.statuses.entry(product.status).or_default().insert(number);
        if product.in_stock {
            self.in_stock.insert(number);
        }
        if product.on_sale {
            self.on_sale.insert(number);
        }
        for (attribute, term) in product.terms {
            self.terms.entry(attribute).or_default().entry(term).or_default().insert(number);
        }
        for (attribute, value) in product.numbers {
            let numbers = self.numbers.entry(attribute).or_default();
            numbers.products.push(number);
            numbers.values.push(value);
        }
        Some(number)
    }

    fn number(&self, id: Uuid) -> Option<u32> {
        if let Some(number) = self.later.get(&id) {
            return Some(*number);
        }
        let place = self.ids.get(..self.first)?.binary_search(&id).ok()?;
        u32::try_from(place).ok()
    }

    /// The numbers of these products. Those that are not known are left out.
    pub fn set_of(&self, ids: &[ProductId]) -> RoaringBitmap {
        ids.iter().filter_map(|id| self.number(id.0)).collect()
    }

    /// The products of a status.
    pub fn of_status(&self, status: ProductStatus) -> RoaringBitmap {
        self.statuses.get(&status).map_or_else(RoaringBitmap::new, |set| set & &self.alive)
    }

    /// The products that have a term. Some may not be alive.
    pub fn of_term(&self, attribute: AttributeId, term: TermId) -> Option<&RoaringBitmap> {
        self.terms.get(&attribute)?.get(&term)
    }

    /// The terms of an attribute, with the products that have them.
    pub fn terms(&self, attribute: AttributeId) -> impl Iterator<Item = (TermId, &RoaringBitmap)> {
        self.terms.get(&attribute).into_iter().flatten().map(|(term, set)| (*term, set))
    }

    /// The numbers that products have of an attribute.
    pub fn numbers(&self, attribute: AttributeId) -> Option<&Numbers> {
        self.numbers.get(&attribute)
    }

    /// How many groups there are.
    pub fn group_count(&self) -> usize {
        self.group_numbers.len()
    }

    /// How many products there are.
    pub fn products(&self) -> u64 {
        self.alive.len()
    }

    /// How many places are taken by what is not alive any more.
    pub fn waste(&self) -> u64 {
        u64::try_from(self.ids.len()).unwrap_or(u64::MAX).saturating_sub(self.products())
    }

    /// The memory they need, in bytes, about.
    pub fn bytes(&self) -> usize {
        let sets = [&self.alive, &self.in_stock, &self.on_sale].into_iter().chain(self.statuses.values());
        let sets = sets.chain(self.terms.values().flat_map(HashMap::values));
        let values: usize = self.numbers.values().map(|numbers| numbers.values.len()).sum();
        let plain = size_of::<Uuid>() + size_of::<i64>() + size_of::<u32>();
        self.ids.len() * plain
            + sets.map(RoaringBitmap::serialized_size).sum::<usize>()
            + values * (size_of::<u32>() + size_of::<i64>())
            + (self.later.len() + self.group_numbers.len()) * 2 * (size_of::<Uuid>() + size_of::<u32>())
    }
}

/// How many times as many products as a set must have a number, so that each of the set is looked up.
const MANY: usize = 16;

impl Numbers {
    /// All of them, with the products that have them. Some may not be alive.
    pub fn iter(&self) -> impl Iterator<Item = (u32, i64)> {
        self.products.iter().copied().zip(self.values.iter().copied())
    }

    /// Those of a set of products.
    pub fn among(&self, set: &RoaringBitmap) -> Vec<(u32, i64)> {
        let length = usize::try_from(set.len()).unwrap_or(usize::MAX);
        if length.saturating_mul(MANY) > self.products.len() {
            return self.iter().filter(|(number, _)| set.contains(*number)).collect();
        }
        let value = |number: u32| {
            let place = self.products.binary_search(&number).ok()?;
            Some((number, *self.values.get(place)?))
        };
        set.iter().filter_map(value).collect()
    }
}
