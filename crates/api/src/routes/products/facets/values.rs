use std::cmp::Reverse;
use std::collections::HashMap;

use application::attributes::NamedTerm;
use domain::StoreError;
use domain::terms::{CategoryNode, TermId};

use super::body::{FacetValueBody, Values, shown};
use crate::context::State;

/// The most values of a facet, besides those that are chosen.
const MOST: usize = 100;
/// How many terms are read for them: more than are shown, because those of one count are in order of name.
const READ: usize = 1000;

/// The terms of an attribute that products have, and those that are chosen.
pub(super) async fn of_terms(
    state: &State,
    mut counts: Vec<(TermId, u64)>,
    chosen: &[TermId],
) -> Result<Values, StoreError> {
    counts.sort_unstable_by_key(|(term, count)| (Reverse(*count), *term));
    let more = counts.len() > MOST;
    let least = counts.get(MOST - 1).map_or(0, |(_, count)| *count);
    let near: Vec<_> = counts.iter().take(READ).filter(|(_, count)| *count >= least).map(|(term, _)| *term).collect();
    let mut ids: Vec<_> = chosen.iter().copied().filter(|id| !near.contains(id)).collect();
    ids.extend(near);
    let terms = state.taxonomies.named(&ids).await?;
    let counts: HashMap<_, _> = counts.into_iter().collect();
    let value = |term: &NamedTerm| FacetValueBody {
        value: term.slug.to_string(),
        name: term.name.to_string(),
        count: shown(counts.get(&term.id).copied().unwrap_or_default()),
        selected: chosen.contains(&term.id),
    };
    Ok(Values { shown: in_order(terms.iter().map(value)), more })
}

/// Categories with these counts. Those that no product has are left out, but for those that are chosen.
pub(super) fn of_trees(categories: &[&CategoryNode], counts: &[u64], chosen: &[String]) -> Values {
    let value = |(node, count): (&&CategoryNode, &u64)| FacetValueBody {
        value: node.slug.to_string(),
        name: node.name.to_string(),
        count: shown(*count),
        selected: chosen.iter().any(|slug| slug == node.slug.as_str()),
    };
    let values = categories.iter().zip(counts).map(value).filter(|value| value.count > 0 || value.selected);
    let values: Vec<_> = values.collect();
    let more = values.len() > MOST;
    Values { shown: in_order(values), more }
}

/// The first values by count, then by name, and those that are chosen.
fn in_order(values: impl IntoIterator<Item = FacetValueBody>) -> Vec<FacetValueBody> {
    let mut values = Vec::from_iter(values);
    values.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    let mut place = 0;
    values.retain(|value| {
        place += 1;
        place <= MOST || value.selected
    });
    values
}
