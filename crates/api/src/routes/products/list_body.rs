use serde::Serialize;

use super::body::ProductBody;
use super::facets::{CountsOfList, FacetBody};
use crate::example;
use crate::schema::{Apiv2Schema, DefaultSchemaRaw, ResponseBody, page};

/// A page of products.
#[derive(Serialize)]
pub(crate) struct ProductPageBody {
    items: Vec<ProductBody>,
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<Option<Vec<FacetBody>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
}

impl ProductPageBody {
    /// A page with what was counted of the list.
    pub(super) fn new(items: Vec<ProductBody>, next_cursor: Option<String>, counts: CountsOfList) -> Self {
        let CountsOfList { facets, total } = counts;
        Self { items, next_cursor, facets, total, suggestion: None }
    }

    /// The page with what may have been searched for.
    pub(super) fn suggesting(self, suggestion: Option<String>) -> Self {
        Self { suggestion, ..self }
    }
}

impl ResponseBody for ProductPageBody {
    const IS_PAGE: bool = true;

    fn example() -> Self {
        let facets = FacetBody::examples(example::shop());
        let counts = CountsOfList { facets: Some(Some(facets)), total: Some(Some(12)) };
        Self::new(vec![ProductBody::example()], None, counts)
    }
}

/// When counts are not known.
const UNKNOWN: &str = "A list of more than 5,000 products is counted some seconds after somebody first asks. It is never \
    counted if `q` finds more than 20,000 products or, in a shop of more than 30,000, has only words that many products \
    have, or if the server's `catalog.index_megabytes` is 0 or too little.";

impl Apiv2Schema for ProductPageBody {
    fn name() -> Option<String> {
        Some("ProductPage".to_owned())
    }

    fn raw_schema() -> DefaultSchemaRaw {
        let mut schema = page::<ProductBody>();
        let mut facets = Vec::<FacetBody>::raw_schema();
        facets.description = Some(format!(
            "What the list can be narrowed by, if it was asked for; null while it is not known. {UNKNOWN}"
        ));
        schema.properties.insert("facets".to_owned(), facets.into());
        let mut total = u64::raw_schema();
        total.description =
            Some(format!("How many there are, if it was asked for; null while it is not known. {UNKNOWN}"));
        schema.properties.insert("total".to_owned(), total.into());
        let mut suggestion = String::raw_schema();
        suggestion.description = Some(
            "Of a search that finds nothing: the whole `q` with words that are sold, if some are near. It finds something."
                .to_owned(),
        );
        schema.properties.insert("suggestion".to_owned(), suggestion.into());
        schema
    }
}
