use std::collections::HashMap;

use application::imports::Item;

/// The most items in a transaction. On SQLite other writers wait for it.
const MOST: usize = 100;

/// Items in the parts that are written together: those of a group that is to be made stand next to each other, and are
/// not parted.
pub(crate) fn units(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut first = HashMap::new();
    let mut placed: Vec<_> = items
        .into_iter()
        .enumerate()
        .map(|(number, item)| {
            let new = item.place.as_ref().filter(|place| place.known.is_none());
            (new.map_or(number, |place| *first.entry(place.slug.clone()).or_insert(number)), item)
        })
        .collect();
    placed.sort_by_key(|(first, _)| *first);
    let mut units: Vec<(usize, Vec<Item>)> = Vec::new();
    for (first, item) in placed {
        match units.last_mut() {
            Some((last, unit)) if *last == first || unit.len() < MOST => {
                *last = first;
                unit.push(item);
            }
            _ => units.push((first, vec![item])),
        }
    }
    units.into_iter().map(|(_, unit)| unit).collect()
}
