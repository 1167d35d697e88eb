use domain::attributes::AttributeId;
use domain::catalogue::{Buckets, Counted, CountedFacet, Counts, Facet, Question};
use domain::products::ProductFilter;
use domain::terms::{AttributeCondition, TermId};
use roaring::{MultiOps as _, RoaringBitmap};

use self::among::{Among, Base};
use self::groups::Groups;
use super::bits::set_where;
use super::columns::{Columns, Numbers};

mod among;
mod by_code;
mod groups;

/// The property that a condition of the filter restricts. The facet of a property is counted without the conditions on
/// it.
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
        let base = Base::new(self, filter, only);
        let parts = self.parts(filter, &base);
        let without = |about: Option<About>| {
            let others = parts.iter().filter(|(own, _)| Some(*own) != about);
            Among::new(&base, others.map(|(_, part)| part))
        };
        let all = without(None);
        let mut groups = filter.is_collapsed.then(|| Groups::new(self));
        let total = groups::count(&mut groups, all.set());
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
        let base = Base::new(self, filter, only);
        let parts = self.parts(filter, &base);
        Among::new(&base, parts.iter().map(|(_, part)| part)).into_set()
    }

    /// For each condition on a property that has facets: the property, and the products that satisfy the condition.
    fn parts(&self, filter: &ProductFilter, base: &Base<'_>) -> Vec<(About, RoaringBitmap)> {
        let mut parts = Vec::new();
        if filter.min_price.or(filter.max_price).is_some() {
            let range = filter.min_price.unwrap_or(i64::MIN)..=filter.max_price.unwrap_or(i64::MAX);
            parts.push((About::Price, set_where(&self.prices, |price| range.contains(price))));
        }
        match filter.in_stock {
            Some(true) => parts.push((About::InStock, self.in_stock.clone())),
            Some(false) => parts.push((About::InStock, base.set() - &self.in_stock)),
            None => {}
        }
        let attributes = filter.attributes.iter();
        parts.extend(attributes.map(|one| (About::Attribute(one.attribute()), self.having(one))));
        parts
    }

    fn having(&self, condition: &AttributeCondition) -> RoaringBitmap {
        match condition {
            AttributeCondition::Terms(attribute, terms) => self.of_any(*attribute, terms),
            AttributeCondition::Numbers(attribute, ranges) => {
                self.having_number(*attribute, |value| ranges.iter().any(|range| range.contains(value)))
            }
        }
    }

    fn having_number(&self, attribute: AttributeId, is_wanted: impl Fn(i64) -> bool) -> RoaringBitmap {
        if let Some(codes) = self.number_codes(attribute) {
            return codes.having(is_wanted);
        }
        let numbers = self.numbers(attribute).into_iter().flat_map(Numbers::iter);
        numbers.filter(|(_, value)| is_wanted(*value)).map(|(number, _)| number).collect()
    }

    fn of_any(&self, attribute: AttributeId, terms: &[TermId]) -> RoaringBitmap {
        terms.iter().filter_map(|term| self.of_term(attribute, *term)).union()
    }

    fn facet(&self, facet: &Facet, among: &Among<'_>, groups: &mut Option<Groups<'_>>) -> CountedFacet {
        match facet {
            Facet::Terms(attribute) => {
                let counts = match self.term_codes(*attribute) {
                    Some(codes) => by_code::each(codes, among, groups),
                    None => among.each_of(self.terms(*attribute), groups),
                };
                CountedFacet::Terms(counts.into_iter().filter(|(_, count)| *count > 0).collect())
            }
            Facet::Trees(attribute, trees) => {
                let sets = trees.iter().flatten().filter_map(|term| self.of_term(*attribute, *term));
                let are_few = sets.map(RoaringBitmap::len).sum::<u64>().saturating_mul(IN_TREES) < among.set().len();
                let codes = self.term_codes(*attribute).filter(|_| groups.is_none() || !are_few);
                CountedFacet::Trees(match codes {
                    Some(codes) => by_code::trees(codes, trees, among, groups),
                    None => trees.iter().map(|tree| among.count(&self.of_any(*attribute, tree), groups)).collect(),
                })
            }
            Facet::Numbers(attribute) => CountedFacet::Numbers(match self.number_codes(*attribute) {
                Some(codes) => by_code::spread(codes, among, groups),
                None => spread(&self.values(*attribute, among).into_iter(), groups),
            }),
            Facet::Flag(attribute) => {
                let count = |wanted: i64| among.count(&self.having_number(*attribute, |value| value == wanted), groups);
                let [no, yes] = [0, 1].map(count);
                CountedFacet::Flag { yes, no }
            }
            // There may be more prices than products in the set: then it takes less time to look at each product.
            Facet::Price => {
                CountedFacet::Numbers(match self.price_codes().filter(|codes| codes.count() <= among.set().len()) {
                    Some(codes) => by_code::spread(codes, among, groups),
                    None => spread(&among.each().iter().filter_map(|number| self.priced(*number)), groups),
                })
            }
            Facet::InStock => CountedFacet::Flag {
                yes: among.count(&self.in_stock, groups),
                no: groups::count(groups, &(among.set() - &self.in_stock)),
            },
        }
    }

    fn priced(&self, number: u32) -> Option<(u32, i64)> {
        self.prices.get(usize::try_from(number).ok()?).map(|price| (number, *price))
    }

    /// The values of a numeric attribute among a set of products, each with the number of its product.
    fn values(&self, attribute: AttributeId, among: &Among<'_>) -> Vec<(u32, i64)> {
        self.numbers(attribute).map(|numbers| numbers.among(among.set())).unwrap_or_default()
    }
}

/// Where groups are counted, trees of terms are counted without codes if their terms have, in all, fewer than one in so
/// many products of the set.
const IN_TREES: u64 = 4;

/// The least and the greatest value, and how many products or groups are in each bucket between them. `None` if there
/// are no values.
fn spread(values: &(impl Iterator<Item = (u32, i64)> + Clone), groups: &mut Option<Groups<'_>>) -> Option<Counted> {
    let ends = |(min, max): (i64, i64), (_, value): (u32, i64)| (min.min(value), max.max(value));
    let (min, max) = values.clone().fold((i64::MAX, i64::MIN), ends);
    if min > max {
        return None;
    }
    let buckets = Buckets::covering(min, max);
    let placed = values.clone().filter_map(|(number, value)| Some((number, buckets.place(value)?)));
    let mut counts = vec![0; buckets.count()];
    if let Some(groups) = groups {
        let mut sets = vec![Vec::new(); buckets.count()];
        for (number, place) in placed {
            if let Some(set) = sets.get_mut(place) {
                set.push(number);
            }
        }
        counts = sets.into_iter().map(|set| groups.count(set.into_iter())).collect();
    } else {
        for (_, place) in placed {
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
    }
    Some(Counted { min, max, buckets: buckets.with(&counts) })
}

#[cfg(test)]
mod tests;
