//! The facets of the list of products, and how long it is.

mod body;
mod values;

use std::collections::HashMap;

use application::FieldError;
use domain::attributes::{Attribute, AttributeCode, AttributeId, AttributeType};
use domain::catalogue::{CountedFacet, Counts, Facet, Question};
use domain::products::ProductFilter;
use domain::slugs::Slug;
use domain::terms::{AttributeCondition, CategoryNode, Taxonomy, TermId, TermKey};
use domain::{Code, Invalid, Rule, Ruled, StoreError};

pub(super) use self::body::FacetBody;
use self::body::{counted, flag};
use self::values::{of_terms, of_trees};
use super::sought::{PREFIX, SoughtAttributes, unknown};
use crate::context::State;
use crate::extract::{Params, bad_query, boolean};
use crate::problem::Problem;

/// The most facets of a list.
const MOST: usize = 20;

/// The most characters of their names.
const LONGEST: usize = 1000;

const PRICE: &str = "price";
const IN_STOCK: &str = "in_stock";
const ALL: &str = "all";

/// What is to be counted of a list.
#[derive(Debug, Default)]
pub(super) struct CountsQuery {
    facets: Vec<String>,
    total: bool,
}

/// What was counted of a list. `None` inside is what is not known yet.
#[derive(Debug, Default)]
pub(super) struct CountsOfList {
    pub facets: Option<Option<Vec<FacetBody>>>,
    pub total: Option<Option<u64>>,
}

impl CountsOfList {
    /// Whether something is wanted that is not known.
    pub(super) fn are_unknown(&self) -> bool {
        matches!(self.facets, Some(None)) || matches!(self.total, Some(None))
    }
}

/// A facet of a taxonomy, by its name in the API.
struct Named<'a> {
    code: String,
    name: String,
    attribute: Option<&'a Attribute>,
    facet: Facet,
    /// The categories that are counted, if it is about categories.
    categories: Vec<&'a CategoryNode>,
}

impl CountsQuery {
    /// Takes the parameters that ask for counts.
    pub(super) fn take(params: &mut Params<'_>) -> Option<Self> {
        let facets = params.optional(
            "facets",
            "What to count on the first page: `category`, `tag`, `brand`, `attr.` and the code of an attribute, `price`, \
             `in_stock`, up to 20 with commas between them; or `all`: every attribute of which a product of the list has \
             something, `price` and `in_stock`. Each is counted without its own filter and with all others.",
            FacetNames::parse,
        );
        let total = params.optional(
            "total",
            "`true`: how many there are, on the first page; with `collapse=group`, groups are counted.",
            boolean,
        );
        Some(Self { facets: facets?.unwrap_or_default().0, total: total?.unwrap_or_default() })
    }

    /// Whether nothing is to be counted.
    pub(super) fn is_nothing(&self) -> bool {
        self.facets.is_empty() && !self.total
    }

    /// The counts of a list without anything.
    pub(super) fn of_nothing(&self) -> CountsOfList {
        let facets = (!self.facets.is_empty()).then(|| Some(Vec::new()));
        CountsOfList { facets, total: self.total.then_some(Some(0)) }
    }

    /// Refuses names that no facet has.
    pub(super) async fn expect_known(&self, state: &State, sees_all: bool) -> Result<(), Problem> {
        let codes: Vec<_> = self.facets.iter().filter_map(|name| code_of(name)).collect();
        if codes.is_empty() {
            return Ok(());
        }
        let taxonomy = state.taxonomies.current().await?;
        let known = || taxonomy.filterable(sees_all).map(|attribute| attribute.code.as_str());
        let refused = codes
            .into_iter()
            .filter(|code| !known().any(|known| known == *code))
            .map(|code| FieldError::new("facets", unknown(code, &known())));
        let refused: Vec<_> = refused.collect();
        if refused.is_empty() { Ok(()) } else { Err(bad_query(refused)) }
    }

    /// The counts of what passes a filter. `sought` is what it says of attributes.
    pub(super) async fn counts(
        &self,
        state: &State,
        filter: ProductFilter,
        sought: &SoughtAttributes,
        sees_all: bool,
    ) -> Result<CountsOfList, StoreError> {
        let taxonomy = state.taxonomies.current().await?;
        let chosen = sought.chosen(state, &taxonomy, sees_all).await?;
        let named = self.named(&taxonomy, &chosen, sees_all);
        let facets = named.iter().map(|one| one.facet.clone()).collect();
        let counts = state.counts.counts(&Question { filter: filter.clone(), facets }).await?;
        let total = self.total.then_some(counts.as_ref().map(|counts| counts.total));
        let facets = match counts {
            _ if self.facets.is_empty() => None,
            None => Some(None),
            Some(counts) => Some(Some(self.shown(state, &named, counts, &chosen, &filter).await?)),
        };
        Ok(CountsOfList { facets, total })
    }

    fn named<'a>(
        &self,
        taxonomy: &'a Taxonomy,
        chosen: &HashMap<AttributeId, Vec<String>>,
        sees_all: bool,
    ) -> Vec<Named<'a>> {
        let is_all = self.facets.iter().any(|name| name == ALL);
        let mut named = Vec::new();
        for attribute in taxonomy.filterable(sees_all) {
            let code = name_of(attribute);
            if is_all || self.facets.contains(&code) {
                named.push(Named::of(attribute, code, taxonomy, chosen));
            }
        }
        for (code, name, facet) in [(PRICE, "Price", Facet::Price), (IN_STOCK, "In stock", Facet::InStock)] {
            if is_all || self.facets.iter().any(|name| name == code) {
                let (code, name) = (code.to_owned(), name.to_owned());
                named.push(Named { code, name, attribute: None, facet, categories: Vec::new() });
            }
        }
        if !is_all {
            named.sort_by_key(|one| self.facets.iter().position(|name| *name == one.code));
        }
        named
    }

    async fn shown(
        &self,
        state: &State,
        named: &[Named<'_>],
        counts: Counts,
        chosen: &HashMap<AttributeId, Vec<String>>,
        filter: &ProductFilter,
    ) -> Result<Vec<FacetBody>, StoreError> {
        let is_all = self.facets.iter().any(|name| name == ALL);
        let mut shown = Vec::new();
        for (one, counted_facet) in named.iter().zip(counts.facets) {
            let slugs = one.attribute.and_then(|attribute| chosen.get(&attribute.id)).map_or(&[][..], Vec::as_slice);
            let body = FacetBody::new(&one.code, &one.name);
            let body = match counted_facet {
                CountedFacet::Terms(counts) => match one.attribute {
                    Some(attribute) => {
                        body.with_values(of_terms(state, counts, &terms_of(filter, attribute.id)).await?)
                    }
                    None => body,
                },
                CountedFacet::Trees(counts) => body.with_values(of_trees(&one.categories, &counts, slugs)),
                CountedFacet::Numbers(numbers) => {
                    counted(body, one.attribute.map(|attribute| attribute.kind), numbers, state.shop)
                }
                CountedFacet::Flag { yes, no } => {
                    let asked = filter.in_stock.filter(|_| one.facet == Facet::InStock);
                    let is_chosen = |word: &str| {
                        asked.is_some_and(|asked| asked.to_string() == word) || slugs.iter().any(|slug| slug == word)
                    };
                    flag(body, [("true", yes, is_chosen("true")), ("false", no, is_chosen("false"))])
                }
            };
            if !is_all || !body.is_empty() {
                shown.push(body);
            }
        }
        shown.truncate(if is_all { MOST + 2 } else { MOST });
        Ok(shown)
    }
}

impl<'a> Named<'a> {
    fn of(
        attribute: &'a Attribute,
        code: String,
        taxonomy: &'a Taxonomy,
        chosen: &HashMap<AttributeId, Vec<String>>,
    ) -> Self {
        let (id, mut categories) = (attribute.id, Vec::new());
        let facet = match attribute.kind {
            AttributeType::Choice if attribute.is_hierarchical => {
                let tree = taxonomy.categories();
                let keys = chosen.get(&id).into_iter().flatten();
                let keys = keys.filter_map(|slug| Slug::parse(slug).ok()).map(TermKey::Slug);
                let chosen: Vec<_> = keys.filter_map(|key| tree.find(&key)).map(|category| &category.node).collect();
                let below: Vec<_> = if chosen.is_empty() {
                    let tops = tree.all().iter().filter(|category| category.depth == 1);
                    tops.map(|category| &category.node).collect()
                } else {
                    chosen.iter().flat_map(|node| tree.children(node.id)).collect()
                };
                for node in chosen.into_iter().chain(below) {
                    if !categories.iter().any(|other: &&CategoryNode| other.id == node.id) {
                        categories.push(node);
                    }
                }
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
        Self { code, name: attribute.name.to_string(), attribute: Some(attribute), facet, categories }
    }
}

/// The terms of an attribute of which a product has to have one.
fn terms_of(filter: &ProductFilter, attribute: AttributeId) -> Vec<TermId> {
    let of_one = |condition: &AttributeCondition| match condition {
        AttributeCondition::Terms(id, terms) if *id == attribute => terms.clone(),
        AttributeCondition::Terms(..) | AttributeCondition::Numbers(..) => Vec::new(),
    };
    filter.attributes.iter().flat_map(of_one).collect()
}

/// The name of the facet of an attribute.
fn name_of(attribute: &Attribute) -> String {
    let code = attribute.code.as_str();
    if attribute.code.is_built_in() { code.to_owned() } else { format!("{PREFIX}{code}") }
}

/// The code of the attribute that a facet with this name is about.
fn code_of(name: &str) -> Option<&str> {
    match name {
        ALL | PRICE | IN_STOCK => None,
        AttributeCode::CATEGORY | AttributeCode::TAG | AttributeCode::BRAND => Some(name),
        _ => name.strip_prefix(PREFIX),
    }
}

/// Names of facets, with commas between them.
#[derive(Debug, Default)]
struct FacetNames(Vec<String>);

impl FacetNames {
    fn parse(raw: &str) -> Result<Self, Invalid> {
        let mut names: Vec<String> = Vec::new();
        if raw.len() > LONGEST {
            return Err(Invalid::new(Code::TooLong, format!("must be at most {LONGEST} characters")));
        }
        for name in raw.split(',').map(str::trim) {
            if code_of(name).is_none() && ![ALL, PRICE, IN_STOCK].contains(&name) {
                let message = "must be all, or of category, tag, brand, price, in_stock and attr. with the code of an \
                               attribute, with commas between them";
                return Err(Invalid::new(Code::NotAllowed, message));
            }
            let name = match name.strip_prefix(PREFIX) {
                Some(code @ (AttributeCode::CATEGORY | AttributeCode::TAG | AttributeCode::BRAND)) => code,
                _ => name,
            };
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        if names.len() > MOST {
            return Err(Invalid::new(Code::TooLong, format!("must be at most {MOST} facets")));
        }
        Ok(Self(names))
    }
}

impl Ruled for FacetNames {
    fn rule() -> Rule {
        const PATTERN: &str = "^(all|category|tag|brand|price|in_stock|attr\\.[a-z0-9_]+)\
            (,(all|category|tag|brand|price|in_stock|attr\\.[a-z0-9_]+))*$";
        Rule::Pattern { pattern: PATTERN, min: 1, max: LONGEST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facets_are_named_once_and_unknown_ones_refused_r221() {
        let parse = |raw: &str| FacetNames::parse(raw).map(|names| names.0);
        assert_eq!(parse("price, attr.colour,price").unwrap(), ["price", "attr.colour"]);
        assert_eq!(parse("all").unwrap(), ["all"]);
        assert_eq!(parse("attr.category,category,attr.tag").unwrap(), ["category", "tag"], "as filters take them");
        for bad in ["", "colour", "price,", "Price"] {
            assert_eq!(parse(bad).unwrap_err().code, Code::NotAllowed, "{bad:?}");
        }
        let many: Vec<_> = (0..300).map(|n| format!("attr.a{n}")).collect();
        assert_eq!(parse(&many.join(",")).unwrap_err().code, Code::TooLong);
    }
}
