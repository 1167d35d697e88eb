use std::borrow::Cow;
use std::cell::OnceCell;
use std::hash::Hash;

use domain::products::{ProductFilter, ProductStatus};
use domain::terms::TermId;
use roaring::RoaringBitmap;

use super::groups::Groups;
use crate::catalogue_index::bits::Bits;
use crate::catalogue_index::codes::Codes;
use crate::catalogue_index::columns::Columns;

/// The products that satisfy all conditions of a filter on properties that have no facet.
pub(super) struct Base<'a> {
    set: Cow<'a, RoaringBitmap>,
    status: Option<ProductStatus>,
    /// Whether these are all products of the status: then it is known how many of them have each code.
    is_whole: bool,
}

impl<'a> Base<'a> {
    pub fn new(columns: &'a Columns, filter: &ProductFilter, only: Option<&RoaringBitmap>) -> Self {
        let all = columns.of_status(filter.status);
        let mut set = all.map_or_else(Cow::default, Cow::Borrowed);
        if let Some(only) = only {
            set = Cow::Owned(&*set & only);
        }
        match filter.on_sale {
            Some(true) => set = Cow::Owned(&*set & &columns.on_sale),
            Some(false) => set = Cow::Owned(&*set - &columns.on_sale),
            None => {}
        }
        Self { set, status: filter.status, is_whole: only.is_none() && filter.on_sale.is_none() }
    }

    pub fn set(&self) -> &RoaringBitmap {
        &self.set
    }
}

/// The products of a base that also satisfy some conditions on properties with facets. Values are counted among them.
pub(super) struct Among<'a> {
    base: &'a Base<'a>,
    set: Cow<'a, RoaringBitmap>,
    /// The products one by one.
    each: OnceCell<Vec<u32>>,
    /// All others of the base.
    rest: OnceCell<Vec<u32>>,
    /// A bit for each product, if the set has few of them: then a roaring bitmap is a list that would be walked each time.
    bits: OnceCell<Option<Bits>>,
}

impl<'a> Among<'a> {
    /// The products of a base that are in all of these parts.
    pub fn new<'p>(base: &'a Base<'a>, parts: impl Iterator<Item = &'p RoaringBitmap>) -> Self {
        let set = parts.fold(Cow::Borrowed(&*base.set), |set, part| match set {
            Cow::Borrowed(set) => Cow::Owned(set & part),
            Cow::Owned(set) => Cow::Owned(set & part),
        });
        Self { base, set, each: OnceCell::new(), rest: OnceCell::new(), bits: OnceCell::new() }
    }

    pub fn set(&self) -> &RoaringBitmap {
        &self.set
    }

    pub fn into_set(self) -> RoaringBitmap {
        self.set.into_owned()
    }

    /// The products one by one.
    pub fn each(&self) -> &[u32] {
        self.each.get_or_init(|| self.set.iter().collect())
    }

    /// How many products have each code. Of the set and the rest of the base, the smaller one is looked at.
    pub fn tally<V: Copy + Eq + Hash>(&self, codes: &Codes<V>) -> Vec<u32> {
        let rest = self.base.set.len() - self.set.len();
        if !self.base.is_whole || rest > self.set.len() {
            return codes.tally(self.each().iter().copied());
        }
        let mut counts = codes.known(self.base.status);
        if rest > 0 {
            let rest = self.rest.get_or_init(|| (&*self.base.set - &*self.set).iter().collect());
            for (count, less) in counts.iter_mut().zip(codes.tally(rest.iter().copied())) {
                *count = count.saturating_sub(less);
            }
        }
        counts
    }

    /// How many products are in another set, too, or how many groups of them.
    pub fn count(&self, other: &RoaringBitmap, groups: &mut Option<Groups<'_>>) -> u64 {
        match groups {
            Some(groups) => groups.count((&*self.set & other).iter()),
            None => self.set.intersection_len(other),
        }
    }

    /// The same for each set of many.
    pub fn each_of<'s>(
        &self,
        sets: impl Iterator<Item = (TermId, &'s RoaringBitmap)>,
        groups: &mut Option<Groups<'_>>,
    ) -> Vec<(TermId, u64)> {
        let bits = self.bits.get_or_init(|| {
            let places = usize::try_from(self.set.max().map_or(0, |last| u64::from(last) + 1)).unwrap_or_default();
            let is_few = self.set.len().saturating_mul(FEW) < u64::try_from(places).unwrap_or(u64::MAX);
            is_few.then(|| Bits::of(places, self.set.iter()))
        });
        let is_large = |set: &RoaringBitmap| set.len() >= self.set.len().saturating_mul(FEW);
        let mut count = |set: &RoaringBitmap| match (bits.as_ref().filter(|_| !is_large(set)), &mut *groups) {
            (None, groups) => self.count(set, groups),
            (Some(bits), Some(groups)) => groups.count(set.iter().filter(|number| bits.has(*number))),
            (Some(bits), None) => {
                u64::try_from(set.iter().filter(|number| bits.has(*number)).count()).unwrap_or(u64::MAX)
            }
        };
        sets.map(|(term, set)| (term, count(set))).collect()
    }
}

/// A set is sparse if it has fewer than one in so many products.
const FEW: u64 = 16;
