use std::collections::HashMap;

use crate::Uuid;
use crate::terms::TermId;

/// The terms of a member, one for each option of its group, in the order of the options.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Combination(Vec<TermId>);

impl Combination {
    /// Of these terms.
    pub fn new(terms: Vec<TermId>) -> Self {
        Self(terms)
    }

    /// One term for each option, in the order of the options; none if the group has no option.
    pub fn terms(&self) -> &[TermId] {
        &self.0
    }

    /// The text in which it is stored and compared: the ids of the terms in hexadecimal digits with dots between them.
    /// `None` without options, where members need not differ.
    pub fn key(&self) -> Option<String> {
        let digits: Vec<_> = self.0.iter().map(|term| term.0.simple().to_string()).collect();
        (!digits.is_empty()).then(|| digits.join("."))
    }

    /// A stored key.
    pub fn from_key(key: Option<&str>) -> Self {
        let terms = key.into_iter().flat_map(|key| key.split('.')).filter_map(|id| Uuid::try_parse(id).ok());
        Self(terms.map(TermId).collect())
    }
}

/// How many combinations there are of these choices.
pub fn count_combinations(choices: &[Vec<TermId>]) -> usize {
    choices.iter().fold(1, |count, choice| count.saturating_mul(choice.len()))
}

/// Every combination of one term of each choice; the last choice changes first.
pub fn combinations(choices: &[Vec<TermId>]) -> Vec<Combination> {
    choices.iter().fold(vec![Combination::default()], |all, choice| {
        let with = |combination: &Combination, term: &TermId| {
            Combination(combination.0.iter().copied().chain([*term]).collect())
        };
        all.iter().flat_map(|one| choice.iter().map(move |term| with(one, term))).collect()
    })
}

/// The first member that has the terms of one before it, and that one. Without options none has.
pub fn clash<'a, T>(members: impl IntoIterator<Item = (T, &'a Combination)>) -> Option<(T, T)>
where
    T: Copy,
{
    let mut known = HashMap::new();
    for (member, combination) in members {
        if combination.0.is_empty() {
            continue;
        }
        if let Some(other) = known.insert(combination, member) {
            return Some((member, other));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(numbers: &[u128]) -> Vec<TermId> {
        numbers.iter().map(|n| TermId(Uuid::from_u128(*n))).collect()
    }

    fn of(numbers: &[u128]) -> Combination {
        Combination::new(terms(numbers))
    }

    #[test]
    fn a_combination_is_known_by_its_terms_in_the_order_of_the_options_r206() {
        let key = of(&[1, 2, 3]).key().unwrap();
        assert_eq!(key.len(), 98, "it fits 120 characters");
        assert!(key.starts_with("00000000000000000000000000000001.0000"), "{key}");
        assert_ne!(of(&[2, 1]).key(), of(&[1, 2]).key());
        assert_eq!(Combination::from_key(Some(&key)), of(&[1, 2, 3]));
        assert_eq!((of(&[]).key(), Combination::from_key(None)), (None, of(&[])));
    }

    #[test]
    fn every_combination_is_made_once_in_order_r205() {
        let choices = [terms(&[1, 2]), terms(&[8, 9])];
        assert_eq!(combinations(&choices), [of(&[1, 8]), of(&[1, 9]), of(&[2, 8]), of(&[2, 9])]);
        assert_eq!(combinations(&[]), [of(&[])]);
        assert_eq!(combinations(&[terms(&[1]), Vec::new()]), []);
    }

    #[test]
    fn no_two_members_have_the_same_terms_but_without_options_any_stand_together_r206() {
        let (a, b) = (of(&[1, 2]), of(&[1, 3]));
        assert_eq!(clash([(1, &a), (2, &b), (3, &a)]), Some((3, 1)));
        assert_eq!(clash([(1, &a), (2, &b)]), None);
        assert_eq!(clash([(1, &of(&[])), (2, &of(&[]))]), None);
    }

    proptest! {
        #[test]
        fn there_are_as_many_combinations_as_are_counted_and_none_clashes_r205(sizes in prop::collection::vec(1..7_usize, 0..4)) {
            let mut next = 0..;
            let choices: Vec<Vec<_>> = sizes
                .iter()
                .map(|size| terms(&next.by_ref().take(*size).collect::<Vec<u128>>()))
                .collect();
            let all = combinations(&choices);
            prop_assert_eq!(all.len(), count_combinations(&choices));
            prop_assert_eq!(clash(all.iter().enumerate()), None);
            for one in &all {
                prop_assert_eq!(&Combination::from_key(one.key().as_deref()), one);
            }
        }
    }
}
