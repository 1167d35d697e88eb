//! Which products a list, or a file of them, has.

use domain::collections::SoughtCollection;
use domain::products::{ProductFilter, ProductSort, ProductStatus};
use domain::{SearchText, StoreError};

use super::super::collections::collected;
use super::narrowed::Narrowed;
use super::sought::SoughtAttributes;
use crate::context::State;
use crate::extract::{Params, time_parameter};

/// The parameters that say which products are wanted, whatever the order.
pub(super) struct Chosen {
    pub filter: ProductFilter,
    pub collection: Option<SoughtCollection>,
    pub sought: SoughtAttributes,
}

/// What was taken of them, and what is known even if one of them is refused.
pub(super) struct Taken {
    pub chosen: Option<Chosen>,
    /// Whether they ask for what was changed after a time.
    pub is_by_change: bool,
    pub is_of_collection: bool,
}

impl Chosen {
    /// Takes the parameters.
    pub(super) fn take(params: &mut Params<'_>) -> Taken {
        let search = params.optional(
            "q",
            "Only those whose name, description or SKU holds all these words, in any order, case and accent; the last may \
             be the beginning of a word. The first 10 words count. Without any word, as in `???`, nothing is found.",
            SearchText::parse,
        );
        let narrowed = Narrowed::take(params);
        let collection = params.optional(
            "collection",
            "Only those of the collection with this slug: first those that stand first in it, in their order, and then \
             the others in the order of the collection. With a `sort`, and with `updated_after`, all stand where that \
             has them.",
            SoughtCollection::parse,
        );
        let updated_after = params.optional(
            "updated_after",
            "Only those that were changed at this time or later, in order of their last change, and in no other. Ask \
             again from a minute before the last one seen: changes may become visible out of order.",
            time_parameter,
        );
        let is_by_change = updated_after.flatten().is_some();
        let is_of_collection = collection.as_ref().is_some_and(Option::is_some);
        let chosen = || {
            let Narrowed { filter, sought } = narrowed?;
            let filter = ProductFilter { search: search?.flatten(), updated_after: updated_after?, ..filter };
            Some(Self { filter, collection: collection?, sought })
        };
        Taken { chosen: chosen(), is_by_change, is_of_collection }
    }

    /// The filter and the order of the list; `None` if nothing is found. `only` is the status that the reader sees.
    pub(super) async fn list(
        &self,
        state: &State,
        only: Option<ProductStatus>,
        sort: Option<ProductSort>,
    ) -> Result<Option<(ProductFilter, ProductSort)>, StoreError> {
        let Self { filter, collection, sought } = self;
        let status = match (only, filter.status) {
            (Some(only), Some(asked)) if only != asked => return Ok(None),
            (only, asked) => only.or(asked),
        };
        let Some(attributes) = sought.conditions(state, only.is_none()).await? else { return Ok(None) };
        let (collection, sort) = match collection {
            Some(sought) => match collected(state, sought, sort).await? {
                Some((collected, sort)) => (Some(collected), sort),
                None => return Ok(None),
            },
            None => (None, sort.unwrap_or_default()),
        };
        Ok(Some((ProductFilter { status, attributes, collection, ..filter.clone() }, sort)))
    }
}
