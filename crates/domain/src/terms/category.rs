use super::tree::{CategoryNode, MAX_DEPTH};
use super::{Term, TermId};

/// A category with what is around it in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The category, which is a term of the attribute `category`.
    pub term: Term,
    /// The categories above it, from the top down.
    pub ancestors: Vec<CategoryNode>,
    /// The categories right below it.
    pub children: Vec<CategoryNode>,
}

/// Where a category is to be put.
#[derive(Debug, Clone, Copy)]
pub struct CategoryPosition<'a> {
    /// The categories above that place, from the nearest up to the top.
    pub above: &'a [TermId],
    /// The category itself; `None` if it is new.
    pub moved: Option<TermId>,
    /// How many levels it has with what is below it: 1 if that is nothing.
    pub height: usize,
}

/// Why a category cannot be put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misplaced {
    /// It would be below itself.
    Cycle,
    /// It, or what is below it, would be too deep.
    TooDeep,
}

impl CategoryPosition<'_> {
    /// Checks the place.
    ///
    /// # Errors
    /// If the category would be below itself, or the tree would have more than [`MAX_DEPTH`] levels.
    pub fn check(&self) -> Result<(), Misplaced> {
        if self.moved.is_some_and(|moved| self.above.contains(&moved)) {
            return Err(Misplaced::Cycle);
        }
        if self.above.len() + self.height > MAX_DEPTH { Err(Misplaced::TooDeep) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_category_is_not_put_below_itself_and_a_tree_has_8_levels_at_most_r202() {
        let ids: Vec<_> = (1..=9).map(|n| TermId(Uuid::from_u128(n))).collect();
        let check = |above: usize, moved: Option<TermId>, height| {
            CategoryPosition { above: &ids[..above], moved, height }.check()
        };
        assert_eq!(check(0, None, 8), Ok(()));
        assert_eq!(check(7, None, 1), Ok(()));
        assert_eq!(check(8, None, 1), Err(Misplaced::TooDeep));
        assert_eq!(check(4, Some(ids[8]), 5), Err(Misplaced::TooDeep));
        assert_eq!(check(4, Some(ids[8]), 4), Ok(()));
        assert_eq!(check(1, Some(ids[0]), 1), Err(Misplaced::Cycle), "below itself");
        assert_eq!(check(3, Some(ids[2]), 1), Err(Misplaced::Cycle), "below what is below it");
    }
}
