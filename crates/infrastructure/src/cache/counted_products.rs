use std::collections::HashSet;
use std::mem;
use std::sync::{Mutex, PoisonError};

use domain::Uuid;

/// The most changed products that are kept by id. If more have changed, the index reads all products again.
const MOST: usize = 10_000;

/// The products that have changed since the last [`Self::take`]. `None` means that any product may have changed.
#[derive(Debug, Default)]
pub(crate) struct CountedProducts(Mutex<Option<HashSet<Uuid>>>);

/// Which products must be counted again after a transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Recount {
    /// The counts stay as they are.
    #[default]
    Nothing,
    /// These products, at most [`MOST`].
    These(Vec<Uuid>),
    /// More products than these, or nobody knows which.
    Any,
}

impl Recount {
    /// These products, too.
    pub fn add(&mut self, ids: impl IntoIterator<Item = Uuid>) {
        let mut all = match mem::take(self) {
            Self::Nothing => Vec::new(),
            Self::These(ids) => ids,
            Self::Any => return *self = Self::Any,
        };
        all.extend(ids);
        all.sort_unstable();
        all.dedup();
        *self = match all.len() {
            0 => Self::Nothing,
            1..=MOST => Self::These(all),
            _ => Self::Any,
        };
    }
}

impl CountedProducts {
    /// From now on the products that change are kept for [`Self::take`].
    pub fn follow(&self) {
        *self.known() = Some(HashSet::new());
    }

    /// What was changed.
    pub fn changed(&self, recount: &Recount) {
        let mut known = self.known();
        match (recount, known.as_mut()) {
            (Recount::Nothing, _) => {}
            (Recount::These(ids), Some(changed)) if changed.len() + ids.len() <= MOST => changed.extend(ids),
            (Recount::These(_) | Recount::Any, _) => *known = None,
        }
    }

    /// The products that have changed since the last time; `None` if any may have.
    pub fn take(&self) -> Option<Vec<Uuid>> {
        self.known().as_mut().map(|ids| mem::take(ids).into_iter().collect())
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<HashSet<Uuid>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> Uuid {
        Uuid::from_u128(u128::try_from(n).unwrap())
    }

    fn these(ids: impl IntoIterator<Item = usize>) -> Recount {
        let mut recount = Recount::default();
        recount.add(ids.into_iter().map(id));
        recount
    }

    #[test]
    fn changed_products_are_named_once_or_any_may_have_changed_r221() {
        let products = CountedProducts::default();
        products.changed(&these([1]));
        assert_eq!(products.take(), None, "nobody has asked");
        products.follow();
        assert_eq!(products.take(), Some(Vec::new()));
        products.changed(&these([1, 1]));
        products.changed(&these([1]));
        products.changed(&Recount::Nothing);
        assert_eq!(products.take(), Some(vec![id(1)]));
        assert_eq!(products.take(), Some(Vec::new()));
        products.changed(&Recount::Any);
        products.changed(&these([2]));
        assert_eq!(products.take(), None);
        products.follow();
        for n in 0..=MOST {
            products.changed(&these([n]));
        }
        assert_eq!(products.take(), None, "too many");
    }

    #[test]
    fn a_transaction_names_the_products_that_it_changes_up_to_10_000_r221() {
        assert_eq!(these([]), Recount::Nothing);
        assert_eq!(these([2, 1, 2]), Recount::These(vec![id(1), id(2)]));
        let mut many = these(0..MOST);
        assert!(matches!(&many, Recount::These(ids) if ids.len() == 10_000));
        many.add([id(MOST)]);
        assert_eq!(many, Recount::Any);
        many.add([id(1)]);
        assert_eq!(many, Recount::Any);
    }
}
