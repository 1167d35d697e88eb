use domain::attributes::{AttributeCondition, AttributeId};
use domain::facets::{Buckets, Counted, CountedFacet, Counts, Facet, Question};
use domain::products::ProductFilter;
use domain::terms::TermId;
use roaring::{MultiOps as _, RoaringBitmap};

use super::columns::{Columns, Numbers, SINGLE};

/// What a condition of the filter is about: a facet of the same is counted without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Attribute(AttributeId),
    Price,
    InStock,
}

impl From<&Facet> for About {
    fn from(facet: &Facet) -> Self {
        match facet {
            Facet::Price => Self::Price,
            Facet::InStock => Self::InStock,
            Facet::Terms(id) | Facet::Trees(id, _) | Facet::Numbers(id) | Facet::Flag(id) => Self::Attribute(*id),
        }
    }
}

impl Columns {
    /// The counts of a question among all products, or among these.
    pub fn counts(&self, question: &Question, only: Option<&RoaringBitmap>) -> Counts {
        let filter = &question.filter;
        let base = self.base(filter, only);
        let parts = self.parts(filter, &base);
        let without = |about: Option<About>| {
            let others = parts.iter().filter(|(own, _)| Some(*own) != about);
            others.fold(base.clone(), |set, (_, part)| set & part)
        };
        let all = without(None);
        let mut groups = filter.is_collapsed.then(|| Groups::new(self));
        let total = count(&mut groups, &all);
        let facet = |facet: &Facet| {
            let about = About::from(facet);
            let is_asked = parts.iter().any(|(own, _)| *own == about);
            let without = is_asked.then(|| without(Some(about)));
            self.facet(facet, without.as_ref().unwrap_or(&all), &mut groups)
        };
        Counts { total, facets: question.facets.iter().map(facet).collect() }
    }

    /// The products that pass a filter, of all or of these.
    pub fn passing(&self, filter: &ProductFilter, only: Option<&RoaringBitmap>) -> RoaringBitmap {
        let base = self.base(filter, only);
        let parts = self.parts(filter, &base);
        parts.iter().fold(base, |set, (_, part)| set & part)
    }

    /// The products for which the conditions of the filter hold that no facet is about.
    fn base(&self, filter: &ProductFilter, only: Option<&RoaringBitmap>) -> RoaringBitmap {
        let mut base = filter.status.map_or_else(|| self.alive.clone(), |status| self.of_status(status));
        if let Some(only) = only {
            base &= only;
        }
        match filter.on_sale {
            Some(true) => base &= &self.on_sale,
            Some(false) => base -= &self.on_sale,
            None => {}
        }
        base
    }

    /// The products for which each condition of the filter holds that facets may be about.
    fn parts(&self, filter: &ProductFilter, base: &RoaringBitmap) -> Vec<(About, RoaringBitmap)> {
        let mut parts = Vec::new();
        if filter.min_price.or(filter.max_price).is_some() {
            let range = filter.min_price.unwrap_or(i64::MIN)..=filter.max_price.unwrap_or(i64::MAX);
            let is_within = |number: &u32| self.price(*number).is_some_and(|price| range.contains(&price));
            parts.push((About::Price, base.iter().filter(is_within).collect()));
        }
        match filter.in_stock {
            Some(true) => parts.push((About::InStock, self.in_stock.clone())),
            Some(false) => parts.push((About::InStock, base - &self.in_stock)),
            None => {}
        }
        let attributes = filter.attributes.iter();
        parts.extend(attributes.map(|one| (About::Attribute(one.attribute()), self.having(one))));
        parts
    }

    fn price(&self, number: u32) -> Option<i64> {
        self.prices.get(usize::try_from(number).ok()?).copied()
    }

    fn having(&self, condition: &AttributeCondition) -> RoaringBitmap {
        match condition {
            AttributeCondition::Terms(attribute, terms) => self.of_any(*attribute, terms),
            AttributeCondition::Numbers(attribute, ranges) => {
                let numbers = self.numbers(*attribute).into_iter().flat_map(Numbers::iter);
                let is_within = |value: i64| ranges.iter().any(|range| range.contains(value));
                numbers.filter(|(_, value)| is_within(*value)).map(|(number, _)| number).collect()
            }
        }
    }

    fn of_any(&self, attribute: AttributeId, terms: &[TermId]) -> RoaringBitmap {
        terms.iter().filter_map(|term| self.of_term(attribute, *term)).union()
    }

    fn facet(&self, facet: &Facet, among: &RoaringBitmap, groups: &mut Option<Groups<'_>>) -> CountedFacet {
        match facet {
            Facet::Terms(attribute) => {
                let among = Among::new(among);
                let terms = self.terms(*attribute).map(|(term, set)| (term, among.count(set, groups)));
                CountedFacet::Terms(terms.filter(|(_, count)| *count > 0).collect())
            }
            Facet::Trees(attribute, trees) => {
                let count = |tree: &Vec<TermId>| match &tree[..] {
                    [term] => self.of_term(*attribute, *term).map_or(0, |set| count_of(groups, among, set)),
                    terms => count_of(groups, among, &self.of_any(*attribute, terms)),
                };
                CountedFacet::Trees(trees.iter().map(count).collect())
            }
            Facet::Numbers(attribute) => CountedFacet::Numbers(spread(&self.values(*attribute, among), groups)),
            Facet::Flag(attribute) => {
                let values = self.values(*attribute, among);
                let with = |wanted: i64| -> RoaringBitmap {
                    values.iter().filter(|(_, value)| *value == wanted).map(|(number, _)| *number).collect()
                };
                let (yes, no) = (with(1), with(0));
                CountedFacet::Flag { yes: count(groups, &yes), no: count(groups, &no) }
            }
            Facet::Price => {
                let prices = among.iter().filter_map(|number| Some((number, self.price(number)?)));
                CountedFacet::Numbers(spread(&prices.collect::<Vec<_>>(), groups))
            }
            Facet::InStock => CountedFacet::Flag {
                yes: count_of(groups, among, &self.in_stock),
                no: count(groups, &(among - &self.in_stock)),
            },
        }
    }

    /// The numbers that products of a set have of an attribute.
    fn values(&self, attribute: AttributeId, among: &RoaringBitmap) -> Vec<(u32, i64)> {
        self.numbers(attribute).map(|numbers| numbers.among(among)).unwrap_or_default()
    }
}

/// How numbers are spread.
fn spread(values: &[(u32, i64)], groups: &mut Option<Groups<'_>>) -> Option<Counted> {
    let numbers = || values.iter().map(|(_, value)| *value);
    let (min, max) = (numbers().min()?, numbers().max()?);
    let buckets = Buckets::covering(min, max);
    let mut counts = vec![0; buckets.count()];
    let Some(groups) = groups else {
        for count in numbers().filter_map(|value| buckets.place(value)) {
            if let Some(count) = counts.get_mut(count) {
                *count += 1;
            }
        }
        return Some(Counted { min, max, buckets: buckets.with(&counts) });
    };
    let mut sets = vec![Vec::new(); buckets.count()];
    for (number, value) in values {
        if let Some(set) = buckets.place(*value).and_then(|place| sets.get_mut(place)) {
            set.push(*number);
        }
    }
    let counts: Vec<_> = sets.into_iter().map(|set| groups.count(set.into_iter())).collect();
    Some(Counted { min, max, buckets: buckets.with(&counts) })
}

/// A set of products, to be compared with many others.
struct Among<'a> {
    set: &'a RoaringBitmap,
    /// A bit for each product, if the set has few of them: then a roaring bitmap is a list that would be walked each time.
    bits: Option<Vec<u64>>,
}

impl<'a> Among<'a> {
    fn new(set: &'a RoaringBitmap) -> Self {
        let places = set.max().map_or(0, |last| u64::from(last) + 1);
        let bits = (set.len().saturating_mul(FEW) < places).then(|| {
            let mut bits = vec![0_u64; usize::try_from(places.div_ceil(64)).unwrap_or_default()];
            for number in set {
                let (word, bit) = word_and_bit(number);
                if let Some(word) = bits.get_mut(word) {
                    *word |= bit;
                }
            }
            bits
        });
        Self { set, bits }
    }

    /// How many products of the set are in another one, too, or how many groups of them.
    fn count(&self, other: &RoaringBitmap, groups: &mut Option<Groups<'_>>) -> u64 {
        let Some(bits) = self.bits.as_ref().filter(|_| other.len() < self.set.len().saturating_mul(FEW)) else {
            return count_of(groups, self.set, other);
        };
        let is_in = |number: &u32| {
            let (word, bit) = word_and_bit(*number);
            bits.get(word).is_some_and(|word| word & bit != 0)
        };
        let both = other.iter().filter(is_in);
        match groups {
            Some(groups) => groups.count(both),
            None => u64::try_from(both.count()).unwrap_or(u64::MAX),
        }
    }
}

/// A set with fewer than one of so many products is a list.
const FEW: u64 = 16;

fn word_and_bit(number: u32) -> (usize, u64) {
    (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
}

fn count(groups: &mut Option<Groups<'_>>, set: &RoaringBitmap) -> u64 {
    match groups {
        Some(groups) => groups.count(set.iter()),
        None => set.len(),
    }
}

fn count_of(groups: &mut Option<Groups<'_>>, among: &RoaringBitmap, set: &RoaringBitmap) -> u64 {
    match groups {
        Some(groups) => groups.count((among & set).iter()),
        None => among.intersection_len(set),
    }
}

/// Counts groups once each, and products without a group.
struct Groups<'a> {
    of: &'a [u32],
    /// In which round each group was met last.
    met: Vec<u32>,
    round: u32,
}

impl<'a> Groups<'a> {
    fn new(columns: &'a Columns) -> Self {
        Self { of: &columns.groups, met: vec![0; columns.group_count()], round: 0 }
    }

    fn count(&mut self, numbers: impl Iterator<Item = u32>) -> u64 {
        self.round += 1;
        let mut count = 0;
        for number in numbers {
            let group = usize::try_from(number).ok().and_then(|number| self.of.get(number)).copied();
            let group = group.filter(|group| *group != SINGLE).and_then(|group| usize::try_from(group).ok());
            match group.and_then(|group| self.met.get_mut(group)) {
                Some(met) if *met == self.round => {}
                Some(met) => {
                    *met = self.round;
                    count += 1;
                }
                None => count += 1,
            }
        }
        count
    }
}

#[cfg(test)]
mod tests;
