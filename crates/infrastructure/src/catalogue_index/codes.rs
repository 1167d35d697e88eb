use std::collections::HashMap;
use std::hash::Hash;

use domain::products::ProductStatus;
use roaring::RoaringBitmap;

use super::bits::set_where;

/// The values of one property by a small code for each product. The property is an attribute with terms, an attribute
/// with numbers, or the price. Products with the same values share a code, so all values of a set of products are
/// counted in one pass.
///
/// How many products of each status have each code is known beforehand.
#[derive(Debug)]
pub(super) struct Codes<V> {
    /// The code of each product, by its number.
    of: Vec<u16>,
    /// What products can have.
    values: Vec<V>,
    /// Where each value stands in `values`.
    places: HashMap<V, u16>,
    /// What those of each code have, as places in `values`, one code after the other. Those of code 0 have nothing.
    kinds: Vec<u16>,
    /// Where what those of each code have ends.
    ends: Vec<u32>,
    /// The code of those that have what those of a code have, and one value more.
    with: HashMap<(u16, u16), u16>,
    /// How many products of each status have each code.
    known: HashMap<ProductStatus, Vec<u32>>,
    /// How many codes there may be.
    most: usize,
}

/// More codes would be needed than are allowed.
#[derive(Debug)]
pub(super) struct TooMany;

impl<V: Copy + Eq + Hash> Codes<V> {
    /// The codes of so many products that have these values; at most so many codes.
    pub fn new(products: usize, most: usize, values: impl Iterator<Item = (u32, V)>) -> Result<Self, TooMany> {
        let (kinds, ends, most) = (Vec::new(), vec![0], most.min(usize::from(u16::MAX)));
        let (values_of, places, with, known) = (Vec::new(), HashMap::new(), HashMap::new(), HashMap::new());
        let mut codes = Self { of: vec![0; products], values: values_of, places, kinds, ends, with, known, most };
        for (number, value) in values {
            let code = codes.with(codes.of(number), value)?;
            codes.set(number, code);
        }
        Ok(codes)
    }

    /// Adds the product of the next number, which has these values.
    pub fn push(&mut self, values: impl Iterator<Item = V>) -> Result<(), TooMany> {
        let mut code = 0;
        for value in values {
            code = self.with(code, value)?;
        }
        self.of.push(code);
        Ok(())
    }

    /// The code for the values of `code` and one value more. Makes the code if it is new.
    fn with(&mut self, code: u16, value: V) -> Result<u16, TooMany> {
        let place = if let Some(place) = self.places.get(&value) {
            *place
        } else {
            let place = u16::try_from(self.values.len()).map_err(|_| TooMany)?;
            self.values.push(value);
            *self.places.entry(value).or_insert(place)
        };
        if let Some(with) = self.with.get(&(code, place)) {
            return Ok(*with);
        }
        let kind = self.kind(usize::from(code));
        if kind.contains(&place) {
            return Ok(code);
        }
        let kind: Vec<_> = kind.iter().copied().chain([place]).collect();
        let next = u16::try_from(self.len()).ok().filter(|_| self.len() < self.most).ok_or(TooMany)?;
        self.kinds.extend(kind);
        self.ends.push(u32::try_from(self.kinds.len()).map_err(|_| TooMany)?);
        self.with.insert((code, place), next);
        Ok(next)
    }

    /// The product of a number is now one of those of a status that are counted beforehand.
    pub fn add(&mut self, number: u32, status: ProductStatus) {
        let code = usize::from(self.of(number));
        let known = self.known.entry(status).or_default();
        if known.len() <= code {
            known.resize(code + 1, 0);
        }
        if let Some(count) = known.get_mut(code) {
            *count += 1;
        }
    }

    /// The product of a number is not one of those of its status any more.
    pub fn remove(&mut self, number: u32, status: ProductStatus) {
        let code = usize::from(self.of(number));
        if let Some(count) = self.known.get_mut(&status).and_then(|known| known.get_mut(code)) {
            *count = count.saturating_sub(1);
        }
    }

    /// Counts all products of a status beforehand.
    pub fn learn(&mut self, status: ProductStatus, set: &RoaringBitmap) {
        self.known.insert(status, self.tally(set.iter()));
    }

    /// The code of a product.
    pub fn of(&self, number: u32) -> u16 {
        usize::try_from(number).ok().and_then(|number| self.of.get(number)).copied().unwrap_or_default()
    }

    fn set(&mut self, number: u32, code: u16) {
        if let Some(of) = usize::try_from(number).ok().and_then(|number| self.of.get_mut(number)) {
            *of = code;
        }
    }

    /// How many of these products have each code.
    pub fn tally(&self, numbers: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut counts = vec![0; self.len()];
        for number in numbers {
            if let Some(count) = counts.get_mut(usize::from(self.of(number))) {
                *count += 1;
            }
        }
        counts
    }

    /// Of each product, whether it has a value that is wanted.
    pub fn having(&self, is_wanted: impl Fn(V) -> bool) -> RoaringBitmap {
        let wanted: Vec<_> = self.values.iter().map(|value| is_wanted(*value)).collect();
        let is_wanted = |place: &u16| wanted.get(usize::from(*place)).copied().unwrap_or_default();
        let codes: Vec<_> = (0..self.len()).map(|code| self.kind(code).iter().any(is_wanted)).collect();
        set_where(&self.of, |code| codes.get(usize::from(*code)).copied().unwrap_or_default())
    }

    /// How many products of a status have each code, or of any.
    pub fn known(&self, status: Option<ProductStatus>) -> Vec<u32> {
        let mut counts = vec![0; self.len()];
        let wanted = self.known.iter().filter(|(own, _)| status.is_none_or(|status| status == **own));
        for (_, known) in wanted {
            for (count, more) in counts.iter_mut().zip(known) {
                *count += more;
            }
        }
        counts
    }

    /// What products can have.
    pub fn values(&self) -> &[V] {
        &self.values
    }

    /// What those of a code have, as places among the values.
    pub fn kind(&self, code: usize) -> &[u16] {
        let end = |code: usize| self.ends.get(code).and_then(|end| usize::try_from(*end).ok());
        let start = code.checked_sub(1).map_or(Some(0), end);
        start.zip(end(code)).and_then(|(start, end)| self.kinds.get(start..end)).unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many codes there are.
    pub fn count(&self) -> u64 {
        u64::try_from(self.len()).unwrap_or(u64::MAX)
    }

    /// The memory they need, in bytes, about.
    pub fn bytes(&self) -> usize {
        let with = size_of::<((u16, u16), u16)>() + size_of::<u32>();
        let value = size_of::<V>() + size_of::<(V, u16)>();
        let counts: usize = self.known.values().map(Vec::len).sum();
        // A hash map has room for up to twice as many as it has.
        (self.of.len() + self.kinds.len()) * size_of::<u16>()
            + 2 * (self.len() * with + self.values.len() * value)
            + counts * size_of::<u32>()
    }
}
