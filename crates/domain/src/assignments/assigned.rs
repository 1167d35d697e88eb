use std::collections::{BTreeMap, BTreeSet};

use crate::attributes::{AttributeId, MOST_TERMS, Scalar};
use crate::terms::TermId;

/// What a product has of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Has {
    /// Terms, the main one first.
    Terms(Vec<TermId>),
    /// The one value of an attribute that is no choice.
    Value(Scalar),
}

/// What a product has of all attributes, or a group of products.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assigned {
    has: BTreeMap<AttributeId, Has>,
    /// Those of which a member has what its group has.
    inherited: BTreeSet<AttributeId>,
}

/// A product would have too many terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a product has at most {most} terms", most = Assigned::MOST_TERMS)]
pub struct TooManyTerms;

impl Assigned {
    /// The most terms of a product.
    pub const MOST_TERMS: usize = MOST_TERMS;

    /// What is stored, which was checked before.
    pub fn from_trusted(has: BTreeMap<AttributeId, Has>, inherited: BTreeSet<AttributeId>) -> Self {
        Self { has, inherited }
    }

    /// What each attribute has.
    pub fn iter(&self) -> impl Iterator<Item = (AttributeId, &Has)> {
        self.has.iter().map(|(id, has)| (*id, has))
    }

    /// The terms, each with its place among those of its attribute.
    pub fn terms(&self) -> impl Iterator<Item = (TermId, usize)> {
        let terms = |has: &Has| match has {
            Has::Terms(terms) => terms.clone(),
            Has::Value(_) => Vec::new(),
        };
        self.has.values().flat_map(move |has| terms(has).into_iter().enumerate().map(|(place, term)| (term, place)))
    }

    /// The values of attributes that are no choice, each with its attribute. Terms are left out.
    pub fn values(&self) -> impl Iterator<Item = (AttributeId, &Scalar)> {
        self.has.iter().filter_map(|(id, has)| match has {
            Has::Terms(_) => None,
            Has::Value(value) => Some((*id, value)),
        })
    }

    /// The same with what is given in place of what it had of these attributes; `None` takes away. A term twice counts
    /// once.
    ///
    /// # Errors
    /// If there would be more than [`Assigned::MOST_TERMS`] terms.
    pub fn with(&self, given: impl IntoIterator<Item = (AttributeId, Option<Has>)>) -> Result<Self, TooManyTerms> {
        let mut after = self.clone();
        for (id, has) in given {
            after.inherited.remove(&id);
            match has.map(Has::once) {
                None => after.has.remove(&id),
                Some(Has::Terms(terms)) if terms.is_empty() => after.has.remove(&id),
                Some(has) => after.has.insert(id, has),
            };
        }
        after.checked()
    }

    /// What is not from the group.
    #[must_use]
    pub fn own(&self) -> Self {
        let own = self.has.iter().filter(|(id, _)| !self.inherited.contains(id));
        Self { has: own.map(|(id, has)| (*id, has.clone())).collect(), inherited: BTreeSet::new() }
    }

    /// The same with what a group has of attributes of which there is nothing.
    ///
    /// # Errors
    /// If there would be more than [`Assigned::MOST_TERMS`] terms.
    pub fn filled(&self, group: &Self) -> Result<Self, TooManyTerms> {
        self.completed(group).checked()
    }

    /// The same without a term that is deleted.
    #[must_use]
    pub fn without(&self, term: TermId) -> Self {
        let left = |has: &Has| match has {
            Has::Terms(terms) => {
                let left: Vec<_> = terms.iter().copied().filter(|one| *one != term).collect();
                (!left.is_empty()).then_some(Has::Terms(left))
            }
            Has::Value(_) => Some(has.clone()),
        };
        let has: BTreeMap<_, _> = self.has.iter().filter_map(|(id, has)| Some((*id, left(has)?))).collect();
        let inherited = self.inherited.iter().copied().filter(|id| has.contains_key(id)).collect();
        Self { has, inherited }
    }

    /// What a product has once a term is deleted: where it has nothing itself any more, it has what is left of its
    /// group's. Nobody refuses that, so that there may be more than [`Assigned::MOST_TERMS`] terms.
    #[must_use]
    pub fn detached(&self, term: TermId, group: &Self) -> Self {
        self.own().without(term).completed(&group.without(term))
    }

    /// What a member has once it leaves its group: the same, and all of it is its own.
    #[must_use]
    pub fn kept(&self) -> Self {
        Self { has: self.has.clone(), inherited: BTreeSet::new() }
    }

    fn completed(&self, group: &Self) -> Self {
        let mut after = self.clone();
        for (id, has) in group.has.iter().filter(|(id, _)| !self.has.contains_key(id)) {
            after.has.insert(*id, has.clone());
            after.inherited.insert(*id);
        }
        after
    }

    /// What there is of an attribute.
    pub fn of(&self, id: AttributeId) -> Option<&Has> {
        self.has.get(&id)
    }

    /// Whether what there is of an attribute is from the group.
    pub fn is_inherited(&self, id: AttributeId) -> bool {
        self.inherited.contains(&id)
    }

    fn checked(self) -> Result<Self, TooManyTerms> {
        if self.terms().count() > Self::MOST_TERMS { Err(TooManyTerms) } else { Ok(self) }
    }
}

impl Has {
    fn once(self) -> Self {
        let Self::Terms(terms) = self else { return self };
        let mut once = Vec::with_capacity(terms.len());
        for term in terms {
            if !once.contains(&term) {
                once.push(term);
            }
        }
        Self::Terms(once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    fn attribute(n: u128) -> AttributeId {
        AttributeId(Uuid::from_u128(n))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is given as it is wanted")]
    fn terms(numbers: impl IntoIterator<Item = u128>) -> Option<Has> {
        Some(Has::Terms(numbers.into_iter().map(|n| TermId(Uuid::from_u128(n))).collect()))
    }

    #[test]
    fn assigning_replaces_the_values_of_named_attributes_and_null_removes_them_r203_r204() {
        let value = Has::Value(Scalar::Integer(350));
        let before = Assigned::default()
            .with([(attribute(1), terms([11, 12])), (attribute(2), terms([21])), (attribute(3), Some(value.clone()))])
            .unwrap();
        let after = before.with([(attribute(1), terms([12, 13, 12])), (attribute(3), None)]).unwrap();
        let all: Vec<_> = after.iter().map(|(id, has)| (id, Some(has.clone()))).collect();
        assert_eq!(all, [(attribute(1), terms([12, 13])), (attribute(2), terms([21]))]);
        assert_eq!(before.values().collect::<Vec<_>>(), [(attribute(3), &Scalar::Integer(350))]);
        let places: Vec<_> = after.terms().map(|(term, place)| (term.0.as_u128(), place)).collect();
        assert_eq!(places, [(12, 0), (13, 1), (21, 0)], "the first is the main one");
        assert_eq!(after.with([(attribute(1), terms([]))]).unwrap().iter().count(), 1);
        assert_eq!(after.with([]).unwrap(), after);
    }

    #[test]
    fn a_member_inherits_attributes_of_its_group_r204() {
        let group = Assigned::default().with([(attribute(1), terms([11])), (attribute(2), terms([21]))]).unwrap();
        let own = Assigned::default().with([(attribute(1), terms([12])), (attribute(3), terms([31]))]).unwrap();
        let member = own.filled(&group).unwrap();
        let all: Vec<_> = member.iter().map(|(id, has)| (id, Some(has.clone()), member.is_inherited(id))).collect();
        let expected = [(1, 12, false), (2, 21, true), (3, 31, false)];
        assert_eq!(all, expected.map(|(id, term, is_inherited)| (attribute(id), terms([term]), is_inherited)));
        assert_eq!(member.own(), own);
        assert_ne!(member, Assigned::default().with(all.iter().map(|(id, has, _)| (*id, has.clone()))).unwrap());
        // What is given is its own, and null goes back to the group's.
        let changed = member.own().with([(attribute(1), None), (attribute(2), terms([21]))]).unwrap();
        let changed = changed.filled(&group).unwrap();
        assert_eq!((changed.of(attribute(1)).cloned(), changed.is_inherited(attribute(1))), (terms([11]), true));
        assert_eq!((changed.of(attribute(2)).cloned(), changed.is_inherited(attribute(2))), (terms([21]), false));
        let full = Assigned::default().with([(attribute(9), terms(1..=100))]).unwrap();
        assert_eq!(full.filled(&group), Err(TooManyTerms));
    }

    #[test]
    fn a_deleted_term_goes_and_what_is_left_of_the_group_s_takes_its_place_r201_r204() {
        let term = |n| TermId(Uuid::from_u128(n));
        let group = Assigned::default().with([(attribute(1), terms([11, 12])), (attribute(2), terms([21]))]).unwrap();
        let member = |own| Assigned::default().with([(attribute(1), own)]).unwrap().filled(&group).unwrap();
        let all = |has: &Assigned| {
            let one = |(id, has): (AttributeId, &Has)| (id, Some(has.clone()));
            has.iter().map(|(id, value)| (one((id, value)), has.is_inherited(id))).collect::<Vec<_>>()
        };
        let second = ((attribute(2), terms([21])), true);
        let cases = [
            (terms([13]), 13, ((attribute(1), terms([11, 12])), true)),
            (terms([12]), 12, ((attribute(1), terms([11])), true)),
            (terms([13, 12]), 12, ((attribute(1), terms([13])), false)),
            (terms([12]), 11, ((attribute(1), terms([12])), false)),
            (None, 11, ((attribute(1), terms([12])), true)),
        ];
        for (own, gone, first) in cases {
            assert_eq!(all(&member(own.clone()).detached(term(gone), &group)), [first, second.clone()], "{own:?}");
        }
        assert_eq!(all(&member(None).detached(term(21), &group)), [((attribute(1), terms([11, 12])), true)]);
        let single = Assigned::default().with([(attribute(1), terms([11]))]).unwrap();
        assert_eq!(single.detached(term(11), &Assigned::default()), Assigned::default());
        let left = member(None).kept();
        assert_eq!(
            left,
            Assigned::default().with(member(None).iter().map(|(id, has)| (id, Some(has.clone())))).unwrap()
        );
    }

    #[test]
    fn a_product_has_100_terms_at_most_r203() {
        let full = Assigned::default().with([(attribute(1), terms(1..=60)), (attribute(2), terms(61..=100))]).unwrap();
        assert_eq!(full.with([(attribute(3), terms([101]))]), Err(TooManyTerms));
        assert!(full.with([(attribute(1), terms([101]))]).is_ok());
        assert!(full.with([(attribute(3), Some(Has::Value(Scalar::Boolean(true))))]).is_ok(), "a value is no term");
    }
}
