use std::cmp::Reverse;
use std::collections::HashMap;

use domain::StoreError;
use domain::attributes::{Attribute, AttributeType};
use domain::catalogue::{Counted, CountedFacet, Facet};
use domain::products::ProductFilter;
use domain::slugs::Slug;
use domain::terms::{AttributeCondition, CategoryNode, Taxonomy, TermId, TermKey, TermQueries};

use crate::attributes::{NamedTerm, Taxonomies};

/// How the names of filters by attributes of the shop begin.
pub const OF_ATTRIBUTE: &str = "attr.";
/// The most filters by attributes that a list has.
pub const MOST_FILTERS: usize = 20;
/// The most facets by attributes that a list shows.
pub const MOST_FACETS: usize = 20;

/// The most values of a facet, besides those that are chosen.
const MOST: usize = 100;
/// How many terms are read for a facet: more than [`MOST`], because terms with the same count are sorted by name.
const READ: usize = 1000;

/// The name of the filter by an attribute.
pub fn filter_name(attribute: &Attribute) -> String {
    let code = attribute.code.as_str();
    if attribute.code.is_built_in() { code.to_owned() } else { format!("{OF_ATTRIBUTE}{code}") }
}

/// A facet of a list of products, by the filter that chooses of it.
pub struct ListFacet<'a> {
    /// The name of the filter.
    pub code: String,
    /// The name of the facet.
    pub name: String,
    /// The attribute that it is about, if it is about one.
    pub attribute: Option<&'a Attribute>,
    /// What is counted.
    pub facet: Facet,
    /// What the filter is given of it.
    pub chosen: &'a [String],
    /// The categories that are counted, if it is about categories.
    categories: Vec<&'a CategoryNode>,
}

/// What there is to choose of a facet.
#[derive(Debug, PartialEq, Eq)]
pub enum FacetChoice {
    /// Values.
    Values(FacetValues),
    /// Numbers in a range; `None` if no product has any.
    Numbers(Option<Counted>),
}

/// Values of a facet, and whether there are more.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FacetValues {
    /// Values by count, then by name; at most 100, and those that are chosen.
    pub shown: Vec<FacetValue>,
    /// Whether there are more.
    pub has_more: bool,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// What the filter takes: a slug, `true` or `false`.
    pub value: String,
    /// Its name.
    pub name: String,
    /// How many products of the list have it.
    pub count: u64,
    /// Whether the list is filtered by it.
    pub is_chosen: bool,
}

impl<'a> ListFacet<'a> {
    /// The facet of prices.
    pub fn price() -> Self {
        Self::simple("price", "Price", Facet::Price)
    }

    /// The facet of what is in stock.
    pub fn in_stock() -> Self {
        Self::simple("in_stock", "In stock", Facet::InStock)
    }

    fn simple(code: &str, name: &str, facet: Facet) -> Self {
        let (code, name) = (code.to_owned(), name.to_owned());
        Self { code, name, attribute: None, facet, chosen: &[], categories: Vec::new() }
    }

    /// The facet of an attribute that products are found by. Of categories, it counts those that are chosen and those right
    /// below them, or else those at the top.
    pub fn of(attribute: &'a Attribute, taxonomy: &'a Taxonomy, chosen: &'a [String]) -> Self {
        let (id, mut categories) = (attribute.id, Vec::new());
        let facet = match attribute.kind {
            AttributeType::Choice if attribute.is_hierarchical => {
                categories = categories_of(taxonomy, chosen);
                let tree = taxonomy.categories();
                let ids = |node: &&CategoryNode| {
                    tree.subtree(&TermKey::Id(node.id)).iter().map(|category| category.node.id).collect()
                };
                Facet::Trees(id, categories.iter().map(ids).collect())
            }
            AttributeType::Choice => Facet::Terms(id),
            AttributeType::Boolean => Facet::Flag(id),
            AttributeType::Integer | AttributeType::Decimal | AttributeType::Date | AttributeType::Text => {
                Facet::Numbers(id)
            }
        };
        let (code, name) = (filter_name(attribute), attribute.name.to_string());
        Self { code, name, attribute: Some(attribute), facet, chosen, categories }
    }

    /// What there is to choose of it, by its counts among what passes a filter.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn choice(
        &self,
        taxonomies: &dyn Taxonomies,
        counted: CountedFacet,
        filter: &ProductFilter,
    ) -> Result<FacetChoice, StoreError> {
        Ok(FacetChoice::Values(match counted {
            CountedFacet::Terms(counts) => match self.attribute {
                Some(attribute) => of_terms(taxonomies, counts, &terms_of(filter, attribute)).await?,
                None => FacetValues::default(),
            },
            CountedFacet::Trees(counts) => of_trees(&self.categories, &counts, self.chosen),
            CountedFacet::Numbers(numbers) => return Ok(FacetChoice::Numbers(numbers)),
            CountedFacet::Flag { yes, no } => {
                let asked = filter.in_stock.filter(|_| self.facet == Facet::InStock);
                let is_chosen = |word: &str| {
                    asked.is_some_and(|asked| asked.to_string() == word) || self.chosen.iter().any(|one| one == word)
                };
                of_flag([("true", "Yes", yes, is_chosen("true")), ("false", "No", no, is_chosen("false"))])
            }
        }))
    }
}

impl FacetChoice {
    /// Whether no product of the list has anything of it, and nothing of it is chosen.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Values(values) => values.shown.iter().all(|value| value.count == 0 && !value.is_chosen),
            Self::Numbers(numbers) => numbers.is_none(),
        }
    }
}

fn categories_of<'a>(taxonomy: &'a Taxonomy, chosen: &[String]) -> Vec<&'a CategoryNode> {
    let tree = taxonomy.categories();
    let keys = chosen.iter().filter_map(|slug| Slug::parse(slug).ok()).map(TermKey::Slug);
    let chosen: Vec<_> = keys.filter_map(|key| tree.find(&key)).map(|category| &category.node).collect();
    let below: Vec<_> = if chosen.is_empty() {
        let tops = tree.all().iter().filter(|category| category.depth == 1);
        tops.map(|category| &category.node).collect()
    } else {
        chosen.iter().flat_map(|node| tree.children(node.id)).collect()
    };
    let mut categories: Vec<&CategoryNode> = Vec::new();
    for node in chosen.into_iter().chain(below) {
        if !categories.iter().any(|other| other.id == node.id) {
            categories.push(node);
        }
    }
    categories
}

/// The terms of an attribute of which a product has to have one.
fn terms_of(filter: &ProductFilter, attribute: &Attribute) -> Vec<TermId> {
    let of_one = |condition: &AttributeCondition| match condition {
        AttributeCondition::Terms(id, terms) if *id == attribute.id => terms.clone(),
        AttributeCondition::Terms(..) | AttributeCondition::Numbers(..) => Vec::new(),
    };
    filter.attributes.iter().flat_map(of_one).collect()
}

/// The terms of an attribute that products have, and those that are chosen.
async fn of_terms(
    taxonomies: &dyn Taxonomies,
    mut counts: Vec<(TermId, u64)>,
    chosen: &[TermId],
) -> Result<FacetValues, StoreError> {
    counts.sort_unstable_by_key(|(term, count)| (Reverse(*count), *term));
    let has_more = counts.len() > MOST;
    let least = counts.get(MOST - 1).map_or(0, |(_, count)| *count);
    let near: Vec<_> = counts.iter().take(READ).filter(|(_, count)| *count >= least).map(|(term, _)| *term).collect();
    let mut ids: Vec<_> = chosen.iter().copied().filter(|id| !near.contains(id)).collect();
    ids.extend(near);
    let terms = taxonomies.named(&ids).await?;
    let counts: HashMap<_, _> = counts.into_iter().collect();
    let value = |term: &NamedTerm| FacetValue {
        value: term.slug.to_string(),
        name: term.name.to_string(),
        count: counts.get(&term.id).copied().unwrap_or_default(),
        is_chosen: chosen.contains(&term.id),
    };
    Ok(FacetValues { shown: in_order(terms.iter().map(value)), has_more })
}

/// Categories with these counts. Those that no product has are left out, but for those that are chosen.
fn of_trees(categories: &[&CategoryNode], counts: &[u64], chosen: &[String]) -> FacetValues {
    let value = |(node, count): (&&CategoryNode, &u64)| FacetValue {
        value: node.slug.to_string(),
        name: node.name.to_string(),
        count: *count,
        is_chosen: chosen.iter().any(|slug| slug == node.slug.as_str()),
    };
    let values = categories.iter().zip(counts).map(value).filter(|value| value.count > 0 || value.is_chosen);
    let values: Vec<_> = values.collect();
    let has_more = values.len() > MOST;
    FacetValues { shown: in_order(values), has_more }
}

/// The values of a facet that is true or false; none if no product has either and none is chosen.
fn of_flag(values: [(&str, &str, u64, bool); 2]) -> FacetValues {
    let has_any = values.iter().any(|(_, _, count, is_chosen)| *count > 0 || *is_chosen);
    let value = |(value, name, count, is_chosen): (&str, &str, u64, bool)| FacetValue {
        value: value.to_owned(),
        name: name.to_owned(),
        count,
        is_chosen,
    };
    let shown = if has_any { values.into_iter().map(value).collect() } else { Vec::new() };
    FacetValues { shown, has_more: false }
}

/// The first values by count, then by name, and those that are chosen.
fn in_order(values: impl IntoIterator<Item = FacetValue>) -> Vec<FacetValue> {
    let mut values = Vec::from_iter(values);
    values.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    let mut place = 0;
    values.retain(|value| {
        place += 1;
        place <= MOST || value.is_chosen
    });
    values
}

/// The terms that these slugs name, now or before; a category with all below it.
///
/// # Errors
/// A failure of the database.
pub async fn sought_terms(
    queries: &dyn TermQueries,
    taxonomy: &Taxonomy,
    attribute: &Attribute,
    slugs: Vec<Slug>,
) -> Result<Vec<TermId>, StoreError> {
    let tree = taxonomy.categories();
    let below = |key: &TermKey| tree.subtree(key).iter().map(|category| category.node.id).collect::<Vec<_>>();
    let (mut ids, mut unknown) = (Vec::new(), Vec::new());
    if attribute.is_hierarchical {
        for slug in slugs {
            let found = below(&TermKey::Slug(slug.clone()));
            if found.is_empty() {
                unknown.push(slug);
            }
            ids.extend(found);
        }
    } else {
        ids = queries.ids(attribute.id, &slugs).await?;
        if ids.len() < slugs.len() {
            unknown = slugs;
        }
    }
    let had = queries.had(attribute.id, &unknown).await?.into_iter().map(|(_, term)| term);
    if attribute.is_hierarchical {
        ids.extend(had.flat_map(|term| below(&TermKey::Id(term))));
    } else {
        ids.extend(had);
    }
    Ok(ids)
}
