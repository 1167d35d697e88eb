use std::collections::HashMap;

use application::imports::Item;

/// The most items in a transaction. On SQLite other writers wait for it.
const MOST: usize = 100;

/// Splits items into the parts that are written together. Items that create one group are moved next to each other and
/// stay in one part.
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

/// Splits the items of a part so that each is written alone. Items that create one group stay together: alone, the
/// first would create it, and the others would find its name taken.
pub(crate) fn apart(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut all: Vec<Vec<Item>> = Vec::new();
    for item in items {
        match all.last_mut() {
            Some(some) if some.last().is_some_and(|last| make_one_group(last, &item)) => some.push(item),
            _ => all.push(vec![item]),
        }
    }
    all
}

/// Whether two items name the same group, which is to be made.
fn make_one_group(one: &Item, other: &Item) -> bool {
    let new = |item: &Item| item.place.as_ref().filter(|place| place.known.is_none()).map(|place| place.slug.clone());
    new(one).is_some() && new(one) == new(other)
}

#[cfg(test)]
mod tests {
    use application::imports::PlaceInGroup;
    use domain::pages::PageTextsChange;
    use domain::products::ProductChange;
    use domain::slugs::Slug;
    use proptest::prelude::*;

    use super::*;

    fn item(line: usize, group: Option<u8>) -> Item {
        let place = group.map(|number| PlaceInGroup {
            slug: Slug::parse(&format!("g{number}")).unwrap(),
            known: None,
            name: None,
            description: None,
            page: PageTextsChange::default(),
            attributes: Vec::new(),
            media: None,
            options: Vec::new(),
        });
        Item {
            line: line as u64,
            known: None,
            id: None,
            change: ProductChange::default(),
            page: PageTextsChange::default(),
            stock: None,
            attributes: Vec::new(),
            media: None,
            place,
            defines: Vec::new(),
        }
    }

    #[test]
    fn rows_that_are_retried_one_by_one_stay_in_their_new_group_r231() {
        let items = [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, None)];
        let mut items: Vec<_> = items.into_iter().map(|(line, group)| item(line, group)).collect();
        let lines = |items: Vec<Item>| -> Vec<Vec<u64>> {
            apart(items).iter().map(|some| some.iter().map(|item| item.line).collect()).collect()
        };
        assert_eq!(lines(items.clone()), [vec![1], vec![2, 3], vec![4], vec![5]]);
        for item in &mut items {
            if let Some(place) = &mut item.place {
                place.known = Some(domain::groups::GroupId(domain::Uuid::nil()));
            }
        }
        assert_eq!(lines(items), [[1], [2], [3], [4], [5]], "the group is there");
    }

    proptest! {
        #[test]
        fn the_rows_of_a_group_stand_together_and_nothing_is_lost_r228(
            groups in prop::collection::vec(prop::option::of(0..9_u8), 0..400),
        ) {
            let items: Vec<_> = groups.iter().enumerate().map(|(line, group)| item(line, *group)).collect();
            let parts = units(items);
            let mut lines: Vec<_> = parts.iter().flatten().map(|item| item.line).collect();
            lines.sort_unstable();
            prop_assert_eq!(lines, (0..groups.len() as u64).collect::<Vec<_>>());
            let slug = |item: &Item| item.place.as_ref().map(|place| place.slug.clone());
            for number in 0..9 {
                let slug_of = Slug::parse(&format!("g{number}")).ok();
                let with = parts.iter().filter(|unit| unit.iter().any(|item| slug(item) == slug_of)).count();
                prop_assert!(with <= 1, "a group is in one part");
                let all: Vec<_> = parts.iter().flatten().map(slug).collect();
                let first = all.iter().position(|one| *one == slug_of);
                let last = all.iter().rposition(|one| *one == slug_of);
                let many = all.iter().filter(|one| **one == slug_of).count();
                prop_assert!(first.zip(last).is_none_or(|(first, last)| last - first + 1 == many));
            }
        }
    }
}
