use super::{CategoryNode, CategoryTree};
use crate::attributes::{Attribute, AttributeType};

/// All attributes and all categories, as of one moment.
#[derive(Debug, Clone, Default)]
pub struct Taxonomy {
    attributes: Vec<Attribute>,
    categories: CategoryTree,
    is_used: bool,
}

impl Taxonomy {
    /// Of all attributes and categories, in any order. `has_terms` says whether any attribute has a term.
    pub fn new(attributes: Vec<Attribute>, categories: Vec<CategoryNode>, has_terms: bool) -> Self {
        let is_used = has_terms || attributes.iter().any(|attribute| !attribute.code.is_built_in());
        Self { attributes, categories: CategoryTree::new(categories), is_used }
    }

    /// The attributes that products are found by, as staff or as somebody else see them.
    pub fn filterable(&self, is_admin: bool) -> impl Iterator<Item = &Attribute> + Clone {
        let is_one = |attribute: &&Attribute| attribute.is_filterable && attribute.kind != AttributeType::Text;
        self.attributes.iter().filter(is_one).filter(move |attribute| is_admin || !attribute.is_internal)
    }

    /// All attributes, in the order in which they were given.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The terms of the attribute `category`, as a tree.
    pub fn categories(&self) -> &CategoryTree {
        &self.categories
    }

    /// Whether a product may have anything of any attribute.
    pub fn is_used(&self) -> bool {
        self.is_used
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::tests::attribute;

    #[test]
    fn customers_find_products_by_what_is_filterable_and_not_internal_r200_r220() {
        let of = |code: &str, is_filterable, is_internal| Attribute {
            is_filterable,
            is_internal,
            ..attribute(code, AttributeType::Integer)
        };
        let all = vec![of("size", true, false), of("cost", true, true), of("shelf", false, false)];
        let taxonomy = Taxonomy::new(all, Vec::new(), false);
        let codes = |is_admin| taxonomy.filterable(is_admin).map(|one| one.code.as_str()).collect::<Vec<_>>();
        assert_eq!(codes(true), ["size", "cost"]);
        assert_eq!(codes(false), ["size"]);
    }

    #[test]
    fn a_taxonomy_is_used_once_it_has_a_term_or_an_attribute_of_the_shop_r203() {
        let built_in = || vec![attribute("category", AttributeType::Choice), attribute("tag", AttributeType::Choice)];
        assert!(!Taxonomy::new(built_in(), Vec::new(), false).is_used());
        assert!(Taxonomy::new(built_in(), Vec::new(), true).is_used());
        assert!(Taxonomy::new(vec![attribute("size", AttributeType::Integer)], Vec::new(), false).is_used());
    }
}
