use roaring::RoaringBitmap;

use crate::catalogue_index::columns::{Columns, SINGLE};

/// Counts groups once each, and products without a group.
pub(super) struct Groups<'a> {
    of: &'a [u32],
    /// In which round each group was met last.
    met: Vec<u32>,
    round: u32,
}

impl<'a> Groups<'a> {
    pub fn new(columns: &'a Columns) -> Self {
        Self { of: &columns.groups, met: vec![0; columns.group_count()], round: 0 }
    }

    /// How many groups there are at each of so many places. A product is at each of its places once.
    pub fn count_places<'p>(&mut self, numbers: &[u32], places: impl Fn(u32) -> &'p [usize], count: usize) -> Vec<u64> {
        let row = count.div_ceil(64);
        if self.met.len().saturating_mul(row) > self.of.len() {
            let mut at = vec![Vec::new(); count];
            for number in numbers {
                for place in places(*number) {
                    if let Some(at) = at.get_mut(*place) {
                        at.push(*number);
                    }
                }
            }
            return at.into_iter().map(|numbers| self.count(numbers.into_iter())).collect();
        }
        // A bit for each place of each group.
        let mut met = vec![0_u64; self.met.len() * row];
        let mut counts = vec![0; count];
        for number in numbers {
            let group = usize::try_from(*number).ok().and_then(|number| self.of.get(number)).copied();
            let group = group.filter(|group| *group != SINGLE).and_then(|group| usize::try_from(group).ok());
            for place in places(*number) {
                let Some(count) = counts.get_mut(*place) else { continue };
                match group.and_then(|group| met.get_mut(group * row + place / 64)) {
                    Some(word) => {
                        let bit = place % 64;
                        *count += !*word >> bit & 1;
                        *word |= 1 << bit;
                    }
                    None => *count += 1,
                }
            }
        }
        counts
    }

    pub fn count(&mut self, numbers: impl Iterator<Item = u32>) -> u64 {
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

/// How many groups a set of products has, or how many products if `groups` is `None`.
pub(super) fn count(groups: &mut Option<Groups<'_>>, set: &RoaringBitmap) -> u64 {
    match groups {
        Some(groups) => groups.count(set.iter()),
        None => set.len(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn groups_are_counted_once_at_each_place_r221(
            products in prop::collection::vec((0..8_u32, prop::collection::btree_set(0..count(), 0..4)), 0..200),
        ) {
            let products: Vec<_> = products.into_iter().map(|(group, at)| (group, Vec::from_iter(at))).collect();
            let of: Vec<_> = products.iter().map(|(group, _)| if *group == 7 { SINGLE } else { *group }).collect();
            let numbers: Vec<_> = (0..u32::try_from(of.len()).unwrap()).filter(|number| number % 3 > 0).collect();
            let at = |number: u32| &products[usize::try_from(number).unwrap()];
            let places = |number: u32| at(number).1.as_slice();
            let mut groups = Groups { of: &of, met: vec![0; 7], round: 0 };
            let counts = groups.count_places(&numbers, places, count());
            for (place, count) in counts.into_iter().enumerate() {
                let there = numbers.iter().filter(|number| places(**number).contains(&place));
                let key = |number: &u32| if at(*number).0 == 7 { (7, *number) } else { (at(*number).0, 0) };
                let distinct: HashSet<_> = there.map(key).collect();
                prop_assert_eq!(count, u64::try_from(distinct.len()).unwrap());
            }
        }
    }

    /// So many places that up to 140 products are counted by lists, and more by bits: 20 words for each of 7 groups.
    fn count() -> usize {
        1280
    }
}
