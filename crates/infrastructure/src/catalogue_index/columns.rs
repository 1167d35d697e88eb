use std::collections::HashMap;

use domain::attributes::AttributeId;
use domain::catalogue::CountedProduct;
use domain::products::{ProductId, ProductStatus};
use domain::terms::TermId;
use domain::{Uuid, Vocabulary};
use roaring::RoaringBitmap;

use super::codes::Codes;

/// Stands for the group of a product that is in no product group.
pub(super) const SINGLE: u32 = u32::MAX;

/// What the index knows of products, column by column. The number of a product is its index in each column; sets of
/// products are sets of these numbers.
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
    /// The products that are what they were last known to be.
    pub alive: RoaringBitmap,
    pub in_stock: RoaringBitmap,
    pub on_sale: RoaringBitmap,
    /// Those alive of each status.
    statuses: HashMap<ProductStatus, RoaringBitmap>,
    terms: HashMap<AttributeId, HashMap<TermId, RoaringBitmap>>,
    numbers: HashMap<AttributeId, Numbers>,
    /// The codes of attributes that many products have, and of prices, once all products are there.
    coded: Coded,
    /// The words in names of products for sale, if they are wanted.
    words: Option<Vocabulary>,
}

/// The properties that have [`Codes`]. All others are counted from sets and numbers.
#[derive(Debug, Default)]
struct Coded {
    prices: Option<Codes<i64>>,
    terms: HashMap<AttributeId, Codes<TermId>>,
    numbers: HashMap<AttributeId, Codes<i64>>,
}

/// The values of a numeric attribute, in order of the numbers of the products.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    products: Vec<u32>,
    values: Vec<i64>,
}

impl Columns {
    /// Columns that know words, too.
    pub fn with_words() -> Self {
        Self { words: Some(Vocabulary::default()), ..Self::default() }
    }

    /// The words in names of products for sale, if they are known.
    pub fn words(&self) -> Option<&Vocabulary> {
        self.words.as_ref()
    }

    /// All products are there: what was made quickly is put in order, and what many have gets codes.
    pub fn settle(&mut self) {
        if let Some(words) = &mut self.words {
            words.settle();
        }
        self.encode((self.ids.len() / FOR_A_CODE).max(FEW_CODES));
    }

    /// Gives codes to the prices, and to the attributes that many products have. A property that would need more than
    /// `most` codes gets none.
    pub(super) fn encode(&mut self, most: usize) {
        let products = self.ids.len();
        let is_of_many =
            |having: u64| having.saturating_mul(FOR_AN_ATTRIBUTE) >= u64::try_from(products).unwrap_or(u64::MAX);
        for (attribute, terms) in &self.terms {
            let mut terms: Vec<_> = terms.iter().collect();
            terms.sort_unstable_by_key(|(term, _)| **term);
            let values = terms.iter().flat_map(|(term, set)| set.iter().map(|number| (number, **term)));
            if is_of_many(terms.iter().map(|(_, set)| set.len()).sum()) {
                self.coded.terms.extend(Codes::new(products, most, values).ok().map(|codes| (*attribute, codes)));
            }
        }
        for (attribute, numbers) in &self.numbers {
            if is_of_many(u64::try_from(numbers.values.len()).unwrap_or(u64::MAX)) {
                let codes = Codes::new(products, most, numbers.iter()).ok();
                self.coded.numbers.extend(codes.map(|codes| (*attribute, codes)));
            }
        }
        self.coded.prices = Codes::new(products, most, (0..).zip(self.prices.iter().copied())).ok();
        for (status, set) in &self.statuses {
            self.coded.terms.values_mut().for_each(|codes| codes.learn(*status, set));
            self.coded.numbers.values_mut().chain(&mut self.coded.prices).for_each(|codes| codes.learn(*status, set));
        }
    }

    /// Adds products that come after all others in order of id.
    pub fn extend(&mut self, products: Vec<CountedProduct>) {
        for product in products {
            if let Some(words) = self.words.as_mut().filter(|_| product.status == ProductStatus::Active) {
                words.add(&product.name);
            }
            self.push(product);
        }
        self.first = self.ids.len();
    }

    /// Puts products in place of what was known of these.
    pub fn replace(&mut self, ids: &[Uuid], products: Vec<CountedProduct>) {
        for id in ids {
            if let Some(number) = self.number(*id) {
                self.remove(number);
            }
        }
        for product in products {
            let id = product.id.0;
            let is_known = self.number(id).is_some();
            match self.words.as_mut().filter(|_| product.status == ProductStatus::Active) {
                Some(words) if is_known => words.learn(&product.name),
                Some(words) => words.add(&product.name),
                None => {}
            }
            if let Some(number) = self.push(product) {
                self.later.insert(id, number);
            }
        }
    }

    /// Marks a product as outdated or deleted: it is no longer alive, and no longer counted.
    fn remove(&mut self, number: u32) {
        self.alive.remove(number);
        for (status, set) in &mut self.statuses {
            if set.remove(number) {
                self.coded.remove(number, *status);
            }
        }
    }

    fn push(&mut self, product: CountedProduct) -> Option<u32> {
        let number = u32::try_from(self.ids.len()).ok()?;
        self.coded.push(number, &product);
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

    /// The products of a status, or of any.
    pub fn of_status(&self, status: Option<ProductStatus>) -> Option<&RoaringBitmap> {
        status.map_or(Some(&self.alive), |status| self.statuses.get(&status))
    }

    /// The codes of the terms of an attribute, if it has any.
    pub fn term_codes(&self, attribute: AttributeId) -> Option<&Codes<TermId>> {
        self.coded.terms.get(&attribute)
    }

    /// The codes of the numbers of an attribute, if it has any.
    pub fn number_codes(&self, attribute: AttributeId) -> Option<&Codes<i64>> {
        self.coded.numbers.get(&attribute)
    }

    /// The codes of prices, if they have any.
    pub fn price_codes(&self) -> Option<&Codes<i64>> {
        self.coded.prices.as_ref()
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
            + self.coded.terms.values().map(Codes::bytes).sum::<usize>()
            + self.coded.numbers.values().chain(&self.coded.prices).map(Codes::bytes).sum::<usize>()
            + self.words.as_ref().map_or(0, Vocabulary::bytes)
            + (self.later.len() + self.group_numbers.len()) * 2 * (size_of::<Uuid>() + size_of::<u32>())
    }
}

/// An attribute gets codes if at least one in so many products has a value of it. Codes take two bytes for each
/// product.
const FOR_AN_ATTRIBUTE: u64 = 8;
/// A property may have one code for every so many products. So its codes and their counts stay small compared with the
/// columns.
const FOR_A_CODE: usize = 16;
/// The codes that are allowed however few products there are.
const FEW_CODES: usize = 256;

impl Coded {
    /// Adds a product, whose number is the next one. A property that would then need too many codes loses its codes.
    fn push(&mut self, number: u32, product: &CountedProduct) {
        self.terms.retain(|attribute, codes| {
            let own = product.terms.iter().filter(|(of, _)| of == attribute).map(|(_, term)| *term);
            let mut own: Vec<_> = own.collect();
            own.sort_unstable();
            let is_coded = codes.push(own.into_iter()).is_ok();
            codes.add(number, product.status);
            is_coded
        });
        self.numbers.retain(|attribute, codes| {
            let own = product.numbers.iter().filter(|(of, _)| of == attribute).map(|(_, value)| *value);
            let is_coded = codes.push(own).is_ok();
            codes.add(number, product.status);
            is_coded
        });
        self.prices.take_if(|codes| {
            let is_coded = codes.push(std::iter::once(product.price)).is_ok();
            codes.add(number, product.status);
            !is_coded
        });
    }

    fn remove(&mut self, number: u32, status: ProductStatus) {
        self.terms.values_mut().for_each(|codes| codes.remove(number, status));
        self.numbers.values_mut().chain(&mut self.prices).for_each(|codes| codes.remove(number, status));
    }
}

/// The values of a set are looked up one by one if at least so many times as many products have a value.
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
