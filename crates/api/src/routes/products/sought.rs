//! The filters of the list of products by attributes.

use std::collections::HashMap;

use application::FieldError;
use application::products::{MOST_FILTERS, OF_ATTRIBUTE, sought_terms};
use domain::attributes::{Attribute, AttributeCode, AttributeId, Sought};
use domain::slugs::Slug;
use domain::terms::{AttributeCondition, Taxonomy, TermKey};
use domain::{Code, Invalid, StoreError};

use crate::config::nearest;
use crate::context::State;
use crate::extract::{Params, bad_query};
use crate::problem::Problem;

/// The filters as they were asked for.
#[derive(Debug, Default)]
pub(in crate::routes) struct SoughtAttributes(Vec<Filter>);

#[derive(Debug)]
struct Filter {
    /// The name of the parameter.
    parameter: String,
    code: String,
    values: String,
}

impl SoughtAttributes {
    /// Takes the parameters that filter by attributes.
    pub(super) fn take(params: &mut Params<'_>) -> Self {
        let category = params.joined(
            AttributeCode::CATEGORY,
            "Only those in this category, by its slug, or in one below it; of several with commas between them, in any.",
        );
        let tag = params.joined(AttributeCode::TAG, "Only those with one of these tags, by their slugs: `new,sale`.");
        let brand = params.joined(AttributeCode::BRAND, "Only those of one of these brands, by their slugs.");
        let own = [(AttributeCode::CATEGORY, category), (AttributeCode::TAG, tag), (AttributeCode::BRAND, brand)];
        let own = own.into_iter().filter_map(|(code, values)| {
            Some(Filter { parameter: code.to_owned(), code: code.to_owned(), values: values? })
        });
        let others = params.prefixed(OF_ATTRIBUTE, "attr.{code}").into_iter().map(|(code, values)| Filter {
            parameter: format!("{OF_ATTRIBUTE}{}", code.chars().take(64).collect::<String>()),
            code,
            values,
        });
        Self(own.chain(others).collect())
    }

    /// Checks all filters.
    ///
    /// # Errors
    /// The problem of those that name no attribute that products are found by, or no value of its type.
    pub(super) async fn expect_known(&self, state: &State, sees_all: bool) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        let taxonomy = state.taxonomies.current().await?;
        self.read(&taxonomy, sees_all).map(drop).map_err(bad_query)
    }

    /// The filters that find nothing, because they name what there is not, or not any more: attributes that products are
    /// found by, and terms.
    pub(in crate::routes) async fn lost(&self, state: &State) -> Result<Vec<FieldError>, StoreError> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let taxonomy = state.taxonomies.current().await?;
        let read = match self.read(&taxonomy, true) {
            Ok(read) => read,
            Err(refused) => return Ok(refused),
        };
        let mut lost = Vec::new();
        for (Filter { parameter, .. }, (attribute, sought)) in self.0.iter().zip(read) {
            let Sought::Slugs(slugs) = sought else { continue };
            let parsed: Vec<_> = slugs.iter().filter_map(|slug| Slug::parse(slug).ok()).collect();
            let ids = state.queries.terms.ids(attribute.id, &parsed).await?;
            let known = state.queries.terms.known(&ids).await?;
            let had = state.queries.terms.had(attribute.id, &parsed).await?;
            let is_known = |slug: &&String| {
                let has = known.iter().any(|term| term.slug.as_str() == **slug);
                has || had.iter().any(|(given_up, _)| given_up.as_str() == **slug)
            };
            if let Some(unknown) = slugs.iter().find(|slug| !is_known(slug)) {
                let shown: String = unknown.chars().take(80).collect();
                lost.push(FieldError::new(parameter, Invalid::new(Code::NotFound, format!("names no term: {shown}"))));
            }
        }
        Ok(lost)
    }

    /// What has to hold of products; `None` if a filter cannot be read any more, so that nothing is found.
    pub(in crate::routes) async fn conditions(
        &self,
        state: &State,
        sees_all: bool,
    ) -> Result<Option<Vec<AttributeCondition>>, StoreError> {
        if self.0.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let taxonomy = state.taxonomies.current().await?;
        let Ok(sought) = self.read(&taxonomy, sees_all) else { return Ok(None) };
        let mut conditions = Vec::new();
        for (attribute, sought) in sought {
            conditions.push(match sought {
                Sought::Numbers(ranges) => AttributeCondition::Numbers(attribute.id, ranges),
                Sought::Slugs(slugs) => {
                    // What is no slug names nothing.
                    let slugs: Vec<_> = slugs.iter().filter_map(|slug| Slug::parse(slug).ok()).collect();
                    AttributeCondition::Terms(
                        attribute.id,
                        sought_terms(state.queries.terms.as_ref(), &taxonomy, attribute, slugs).await?,
                    )
                }
            });
        }
        Ok(Some(conditions))
    }

    /// The values that are asked for of each attribute. A slug that a category had before is given as the one of now.
    pub(super) async fn chosen(
        &self,
        state: &State,
        taxonomy: &Taxonomy,
        sees_all: bool,
    ) -> Result<HashMap<AttributeId, Vec<String>>, StoreError> {
        let mut chosen: HashMap<_, Vec<_>> = HashMap::new();
        for Filter { code, values, .. } in &self.0 {
            let Some(attribute) = taxonomy.filterable(sees_all).find(|one| one.code.as_str() == code) else { continue };
            let values = values.split(',').map(|value| value.trim().to_owned());
            let chosen = chosen.entry(attribute.id).or_default();
            chosen.extend(values);
            if attribute.is_hierarchical {
                let tree = taxonomy.categories();
                let slugs = chosen.iter().filter_map(|slug| Slug::parse(slug).ok());
                let unknown: Vec<_> = slugs.filter(|slug| tree.find(&TermKey::Slug(slug.clone())).is_none()).collect();
                let had = state.queries.terms.had(attribute.id, &unknown).await?;
                let now = had.iter().filter_map(|(_, term)| tree.find(&TermKey::Id(*term)));
                chosen.extend(now.map(|category| category.node.slug.to_string()));
            }
        }
        Ok(chosen)
    }

    fn read<'a>(
        &self,
        taxonomy: &'a Taxonomy,
        sees_all: bool,
    ) -> Result<Vec<(&'a Attribute, Sought)>, Vec<FieldError>> {
        let known = || taxonomy.filterable(sees_all);
        let (mut read, mut faults) = (Vec::new(), Vec::new());
        for (number, Filter { parameter, code, values }) in self.0.iter().enumerate() {
            let found = known().find(|attribute| attribute.code.as_str() == code);
            let sought = match found {
                _ if number >= MOST_FILTERS => Err(Invalid::new(
                    Code::TooLong,
                    format!("is too many: a list has at most {MOST_FILTERS} such filters"),
                )),
                None => Err(unknown(code, &known().map(|attribute| attribute.code.as_str()))),
                Some(attribute) => attribute.sought(values).map(|sought| (attribute, sought)),
            };
            match sought {
                Ok(one) => read.push(one),
                Err(invalid) => faults.push(FieldError::new(parameter, invalid)),
            }
        }
        faults.truncate(100);
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }
}

pub(super) fn unknown<'a>(code: &str, known: &(impl Iterator<Item = &'a str> + Clone)) -> Invalid {
    let meant = nearest(code, known).map_or_else(String::new, |near| format!("; did you mean {OF_ATTRIBUTE}{near}?"));
    Invalid::new(Code::UnknownField, format!("is no attribute that products are found by{meant}"))
}
