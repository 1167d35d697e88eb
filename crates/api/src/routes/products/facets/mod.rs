//! The facets of the list of products, and how long it is.

mod body;

use std::collections::HashMap;

use application::FieldError;
use application::products::{ListFacet, MOST_FACETS, OF_ATTRIBUTE, filter_name};
use domain::attributes::{Attribute, AttributeCode, AttributeId};
use domain::catalogue::{Counts, Question};
use domain::products::ProductFilter;
use domain::terms::Taxonomy;
use domain::{Code, Invalid, Rule, Ruled, StoreError};

pub(super) use self::body::FacetBody;
use super::sought::{SoughtAttributes, unknown};
use crate::context::State;
use crate::extract::{Params, bad_query, boolean};
use crate::problem::Problem;

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
            Some(counts) => Some(Some(self.shown(state, &named, counts, &filter).await?)),
        };
        Ok(CountsOfList { facets, total })
    }

    fn named<'a>(
        &self,
        taxonomy: &'a Taxonomy,
        chosen: &'a HashMap<AttributeId, Vec<String>>,
        sees_all: bool,
    ) -> Vec<ListFacet<'a>> {
        let is_all = self.facets.iter().any(|name| name == ALL);
        let is_wanted = |code: &str| is_all || self.facets.iter().any(|name| name == code);
        let attributes = taxonomy.filterable(sees_all).filter(|attribute| is_wanted(&filter_name(attribute)));
        let of = |attribute: &'a Attribute| {
            ListFacet::of(attribute, taxonomy, chosen.get(&attribute.id).map_or(&[], Vec::as_slice))
        };
        let others = [ListFacet::price(), ListFacet::in_stock()].into_iter().filter(|one| is_wanted(&one.code));
        let mut named: Vec<_> = attributes.map(of).chain(others).collect();
        if !is_all {
            named.sort_by_key(|one| self.facets.iter().position(|name| *name == one.code));
        }
        named
    }

    async fn shown(
        &self,
        state: &State,
        named: &[ListFacet<'_>],
        counts: Counts,
        filter: &ProductFilter,
    ) -> Result<Vec<FacetBody>, StoreError> {
        let is_all = self.facets.iter().any(|name| name == ALL);
        let mut shown = Vec::new();
        for (one, counted) in named.iter().zip(counts.facets) {
            let choice = one.choice(state.taxonomies.as_ref(), counted, filter).await?;
            if !is_all || !choice.is_empty() {
                shown.push(FacetBody::of(one, choice, state.shop));
            }
        }
        shown.truncate(if is_all { MOST_FACETS + 2 } else { MOST_FACETS });
        Ok(shown)
    }
}

/// The code of the attribute that a facet with this name is about.
fn code_of(name: &str) -> Option<&str> {
    match name {
        ALL | PRICE | IN_STOCK => None,
        AttributeCode::CATEGORY | AttributeCode::TAG | AttributeCode::BRAND => Some(name),
        _ => name.strip_prefix(OF_ATTRIBUTE),
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
            let name = match name.strip_prefix(OF_ATTRIBUTE) {
                Some(code @ (AttributeCode::CATEGORY | AttributeCode::TAG | AttributeCode::BRAND)) => code,
                _ => name,
            };
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        if names.len() > MOST_FACETS {
            return Err(Invalid::new(Code::TooLong, format!("must be at most {MOST_FACETS} facets")));
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
