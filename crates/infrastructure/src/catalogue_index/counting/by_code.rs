//! What is counted from codes: each product of a set is looked at once for all values.

use std::collections::HashMap;
use std::hash::Hash;

use domain::catalogue::{Buckets, Counted};
use domain::terms::TermId;

use super::among::Among;
use super::groups::Groups;
use crate::catalogue_index::codes::Codes;

/// Stands for the place of a value that is in no bucket.
const NOWHERE: usize = usize::MAX;

/// How many products or groups have each value.
pub(super) fn each<V: Copy + Eq + Hash>(
    codes: &Codes<V>,
    among: &Among<'_>,
    groups: &mut Option<Groups<'_>>,
) -> Vec<(V, u64)> {
    let places: Vec<_> = (0..codes.values().len()).map(|place| [place]).collect();
    let counts = at_places(codes, &among.tally(codes), &places, places.len(), among, groups);
    codes.values().iter().copied().zip(counts).collect()
}

/// How many products or groups have at least one term of each tree.
pub(super) fn trees(
    codes: &Codes<TermId>,
    trees: &[Vec<TermId>],
    among: &Among<'_>,
    groups: &mut Option<Groups<'_>>,
) -> Vec<u64> {
    let mut places: HashMap<TermId, Vec<usize>> = HashMap::new();
    for (place, tree) in trees.iter().enumerate() {
        for term in tree {
            places.entry(*term).or_default().push(place);
        }
    }
    let places: Vec<_> = codes.values().iter().map(|term| places.remove(term).unwrap_or_default()).collect();
    at_places(codes, &among.tally(codes), &places, trees.len(), among, groups)
}

/// The least and the greatest value, and how many products or groups are in each bucket between them. `None` if there
/// are no values.
pub(super) fn spread(codes: &Codes<i64>, among: &Among<'_>, groups: &mut Option<Groups<'_>>) -> Option<Counted> {
    let by_code = among.tally(codes);
    let (mut min, mut max) = (i64::MAX, i64::MIN);
    for (code, _) in by_code.iter().enumerate().filter(|(_, products)| **products > 0) {
        for value in codes.kind(code).iter().filter_map(|place| codes.values().get(usize::from(*place))) {
            (min, max) = (min.min(*value), max.max(*value));
        }
    }
    if min > max {
        return None;
    }
    let buckets = Buckets::covering(min, max);
    let place = |value: &i64| buckets.place(*value).unwrap_or(NOWHERE);
    let counts = if groups.is_some() {
        let places: Vec<_> = codes.values().iter().map(|value| [place(value)]).collect();
        at_places(codes, &by_code, &places, buckets.count(), among, groups)
    } else {
        let mut counts = vec![0; buckets.count()];
        for (code, products) in by_code.iter().enumerate().filter(|(_, products)| **products > 0) {
            // A product has one number of a kind.
            let value = codes.kind(code).first().and_then(|place| codes.values().get(usize::from(*place)));
            if let Some(count) = value.and_then(|value| counts.get_mut(place(value))) {
                *count += u64::from(*products);
            }
        }
        counts
    };
    Some(Counted { min, max, buckets: buckets.with(&counts) })
}

/// How many products or groups belong to each of `count` places, such as values or buckets. `places` has the places of
/// each value. A product with several values counts once at each place.
fn at_places<V: Copy + Eq + Hash>(
    codes: &Codes<V>,
    by_code: &[u32],
    places: &[impl AsRef<[usize]>],
    count: usize,
    among: &Among<'_>,
    groups: &mut Option<Groups<'_>>,
) -> Vec<u64> {
    let having = by_code.iter().enumerate().filter(|(_, products)| **products > 0);
    let mut places = Places { codes, of_values: places, last: Vec::new() };
    let Some(groups) = groups else {
        let mut counts = vec![0; count];
        for (code, products) in having {
            for place in places.of(code) {
                if let Some(count) = counts.get_mut(*place) {
                    *count += u64::from(*products);
                }
            }
        }
        return counts;
    };
    // The places of all codes stand one after the other.
    let (mut ends, mut all) = (vec![(0, 0); by_code.len()], Vec::new());
    for (code, _) in having {
        let start = all.len();
        all.extend_from_slice(places.of(code));
        if let Some(end) = ends.get_mut(code) {
            *end = (start, all.len());
        }
    }
    let of_product = |number: u32| {
        let (start, end) = ends.get(usize::from(codes.of(number))).copied().unwrap_or_default();
        all.get(start..end).unwrap_or_default()
    };
    groups.count_places(among.each(), of_product, count)
}

/// Finds the places that the products with a code belong to.
struct Places<'a, V, P> {
    codes: &'a Codes<V>,
    of_values: &'a [P],
    /// Those of the last code that has several values.
    last: Vec<usize>,
}

impl<V: Copy + Eq + Hash, P: AsRef<[usize]>> Places<'_, V, P> {
    /// The places of the products with this code, each once.
    fn of(&mut self, code: usize) -> &[usize] {
        let of_value = |value: &u16| self.of_values.get(usize::from(*value)).map(AsRef::as_ref).unwrap_or_default();
        let kind = self.codes.kind(code);
        if let [value] = kind {
            return of_value(value);
        }
        self.last.clear();
        self.last.extend(kind.iter().flat_map(of_value));
        self.last.sort_unstable();
        self.last.dedup();
        &self.last
    }
}
