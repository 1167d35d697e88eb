use std::collections::HashMap;

use domain::StoreError;
use domain::attributes::{Attribute, AttributeId};
use domain::terms::TermChoice;

use crate::Queries;

/// The first terms of an attribute to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// At most [`Choices::MOST`] terms, in order of position and creation.
    pub terms: Vec<TermChoice>,
    /// Whether the attribute has more of them.
    pub has_more: bool,
}

impl Choices {
    /// The most terms of an attribute that somebody chooses from.
    pub const MOST: usize = 1000;
}

/// The terms of each of these attributes to choose from; one without terms is left out.
///
/// # Errors
/// If the database does not answer.
pub async fn choices<'a>(
    queries: &Queries,
    attributes: impl Iterator<Item = &'a Attribute>,
) -> Result<HashMap<AttributeId, Choices>, StoreError> {
    let ids: Vec<_> = attributes.map(|attribute| attribute.id).collect();
    let mut all: HashMap<AttributeId, Choices> = HashMap::new();
    // One more than is shown says whether there are more.
    let most = u32::try_from(Choices::MOST).map_or(u32::MAX, |most| most + 1);
    for term in queries.terms.first_of_each(&ids, most).await? {
        let choices = all.entry(term.attribute_id).or_default();
        if choices.terms.len() < Choices::MOST {
            choices.terms.push(term);
        } else {
            choices.has_more = true;
        }
    }
    Ok(all)
}
