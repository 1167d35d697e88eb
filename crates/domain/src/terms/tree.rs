use std::collections::HashMap;

use super::{Term, TermId, TermKey, TermName};
use crate::attributes::Position;
use crate::slugs::Slug;

/// The most levels of the tree of categories.
pub const MAX_DEPTH: usize = 8;

/// A category as its tree knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryNode {
    /// The id of the term that the category is.
    pub id: TermId,
    /// The category above it, if there is one.
    pub parent_id: Option<TermId>,
    /// The name in addresses.
    pub slug: Slug,
    /// The name for people: 1 to 200 characters.
    pub name: TermName,
    /// The place among those beside it.
    pub position: Position,
}

impl From<&Term> for CategoryNode {
    fn from(term: &Term) -> Self {
        let Term { id, parent_id, slug, name, position, .. } = term.clone();
        Self { id, parent_id, slug, name, position }
    }
}

/// A category and its level in the tree: 1 at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leveled {
    /// The category itself.
    pub node: CategoryNode,
    /// 1 at the top, and at most [`MAX_DEPTH`].
    pub depth: usize,
}

/// The tree of categories. Those beside each other are in order of position and creation.
#[derive(Debug, Clone, Default)]
pub struct CategoryTree {
    /// All of them, each followed by what is below it.
    nodes: Vec<Leveled>,
    by_id: HashMap<TermId, usize>,
    by_slug: HashMap<Slug, usize>,
}

impl CategoryTree {
    /// Of categories in any order. What no way leads to from the top is left out.
    pub fn new(mut all: Vec<CategoryNode>) -> Self {
        all.sort_unstable_by_key(|node| std::cmp::Reverse((node.position, node.id)));
        let mut below: HashMap<_, Vec<_>> = HashMap::new();
        for node in all {
            below.entry(node.parent_id).or_default().push(Leveled { node, depth: 1 });
        }
        let mut tree = Self::default();
        let mut next = below.remove(&None).unwrap_or_default();
        while let Some(category) = next.pop() {
            let depth = category.depth + 1;
            let children = below.remove(&Some(category.node.id)).unwrap_or_default();
            next.extend(children.into_iter().map(|child| Leveled { depth, ..child }));
            let place = tree.nodes.len();
            tree.by_id.insert(category.node.id, place);
            tree.by_slug.insert(category.node.slug.clone(), place);
            tree.nodes.push(category);
        }
        tree
    }

    /// All of them, each followed by what is below it.
    pub fn all(&self) -> &[Leveled] {
        &self.nodes
    }

    /// The category with this id or slug.
    pub fn find(&self, key: &TermKey) -> Option<&Leveled> {
        self.place(key).and_then(|place| self.nodes.get(place))
    }

    /// A category and all that is below it; nothing if there is no such category.
    pub fn subtree(&self, key: &TermKey) -> &[Leveled] {
        let Some(from) = self.place(key).and_then(|place| self.nodes.get(place..)) else { return &[] };
        let Some(([top], rest)) = from.split_first_chunk() else { return &[] };
        let below = rest.iter().take_while(|category| category.depth > top.depth).count();
        from.get(..=below).unwrap_or_default()
    }

    /// The categories above one, from the top down.
    pub fn ancestors(&self, id: TermId) -> Vec<&CategoryNode> {
        let parent = |id: TermId| self.find(&TermKey::Id(id)).and_then(|category| category.node.parent_id);
        let above = std::iter::successors(parent(id), |id| parent(*id)).take(MAX_DEPTH);
        let mut above: Vec<_> =
            above.filter_map(|id| self.find(&TermKey::Id(id))).map(|category| &category.node).collect();
        above.reverse();
        above
    }

    /// The categories right below one.
    pub fn children(&self, id: TermId) -> impl Iterator<Item = &CategoryNode> {
        let below = self.subtree(&TermKey::Id(id)).iter().map(|category| &category.node);
        below.filter(move |node| node.parent_id == Some(id))
    }

    fn place(&self, key: &TermKey) -> Option<usize> {
        match key {
            TermKey::Id(id) => self.by_id.get(id).copied(),
            TermKey::Slug(slug) => self.by_slug.get(slug).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    fn id(n: u128) -> TermId {
        TermId(Uuid::from_u128(n))
    }

    fn node(n: u128, parent: u128, position: i64) -> CategoryNode {
        CategoryNode {
            id: id(n),
            parent_id: (parent > 0).then(|| id(parent)),
            slug: Slug::parse(&format!("c{n}")).unwrap(),
            name: TermName::parse("C").unwrap(),
            position: Position::parse(position).unwrap(),
        }
    }

    /// 5, and below it 1 with 2 (which has 7) and 4; 3 stands beside 5, before it.
    fn tree() -> CategoryTree {
        CategoryTree::new(vec![
            node(4, 1, 0),
            node(2, 1, 0),
            node(1, 5, 3),
            node(7, 2, 9),
            node(5, 0, 2),
            node(3, 0, 1),
        ])
    }

    fn numbers<'a>(nodes: impl IntoIterator<Item = &'a CategoryNode>) -> Vec<u128> {
        nodes.into_iter().map(|node| node.id.0.as_u128()).collect()
    }

    #[test]
    fn a_tree_is_in_order_of_position_and_creation_each_category_before_what_is_below_r202() {
        let tree = tree();
        assert_eq!(numbers(tree.all().iter().map(|category| &category.node)), [3, 5, 1, 2, 7, 4]);
        assert_eq!(tree.all().iter().map(|category| category.depth).collect::<Vec<_>>(), [1, 1, 2, 3, 4, 3]);
    }

    #[test]
    fn a_subtree_is_a_category_and_all_below_it_r202_r220() {
        let tree = tree();
        let subtree = |n| numbers(tree.subtree(&TermKey::Id(id(n))).iter().map(|category| &category.node));
        assert_eq!(subtree(5), [5, 1, 2, 7, 4]);
        assert_eq!(subtree(2), [2, 7]);
        assert_eq!(subtree(4), [4]);
        assert_eq!(subtree(99), [0; 0]);
        let by_slug = tree.subtree(&TermKey::Slug(Slug::parse("c1").unwrap()));
        assert_eq!(numbers(by_slug.iter().map(|category| &category.node)), [1, 2, 7, 4]);
    }

    #[test]
    fn breadcrumbs_lead_from_the_top_down_r202() {
        let tree = tree();
        assert_eq!(numbers(tree.ancestors(id(7))), [5, 1, 2]);
        assert_eq!(numbers(tree.ancestors(id(5))), [0; 0]);
        assert_eq!(numbers(tree.children(id(1))), [2, 4]);
        assert_eq!(numbers(tree.children(id(7))), [0; 0]);
    }

    #[test]
    fn a_tree_that_is_broken_by_hand_has_what_can_be_reached_and_no_end_is_waited_for_r202() {
        let tree = CategoryTree::new(vec![node(1, 0, 0), node(2, 3, 0), node(3, 2, 0), node(4, 99, 0), node(5, 5, 0)]);
        assert_eq!(numbers(tree.all().iter().map(|category| &category.node)), [1]);
    }
}
