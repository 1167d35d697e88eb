use domain::catalogue::CatalogueCounts;
use domain::products::{ProductFilter, ProductQueries, ProductSort};
use domain::{Limit, PageRequest, SearchText, StoreError};

/// What may have been meant by a search of products that found nothing: the whole text, mended. Whoever searches for it
/// finds something. `None` if the filter has no search, or nothing is near it.
///
/// # Errors
/// A failure of the database.
pub async fn suggestion(
    filter: &ProductFilter,
    counts: &dyn CatalogueCounts,
    products: &dyn ProductQueries,
) -> Result<Option<String>, StoreError> {
    let Some(search) = &filter.search else { return Ok(None) };
    let first = PageRequest { limit: Limit::ONE, after: None };
    for text in counts.meant(search).await? {
        let Some(search) = SearchText::parse(&text).ok().flatten() else { continue };
        let sort = filter.updated_after.map_or(ProductSort::default(), |_| ProductSort::UpdatedAt);
        let filter = ProductFilter { search: Some(search), ..filter.clone() };
        if !products.list(&filter, sort, &first).await?.items.is_empty() {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use domain::Page;
    use domain::catalogue::MockCatalogueCounts;
    use domain::products::{MockProductQueries, ProductView};

    use super::*;
    use crate::testing::product;

    fn meant(texts: &'static [&str]) -> MockCatalogueCounts {
        let mut counts = MockCatalogueCounts::new();
        counts.expect_meant().returning(|_| Ok(texts.iter().map(|text| (*text).to_owned()).collect()));
        counts
    }

    fn found_by(text: &'static str) -> MockProductQueries {
        let mut queries = MockProductQueries::new();
        queries.expect_list().returning(move |filter, _, page| {
            assert_eq!((page.limit, filter.in_stock), (Limit::ONE, Some(true)), "the rest of the filter stays");
            let is_found = filter.search == SearchText::parse(text).unwrap();
            let found = is_found.then(|| ProductView { product: product(1), in_stock: true });
            Ok(Page { items: found.into_iter().collect(), next: None })
        });
        queries
    }

    fn searched(text: &str) -> ProductFilter {
        ProductFilter { search: SearchText::parse(text).unwrap(), in_stock: Some(true), ..ProductFilter::default() }
    }

    #[tokio::test]
    async fn the_likeliest_text_that_finds_something_is_suggested_r225() {
        let counts = meant(&["bottle", "battle"]);
        for (found, expected) in [("bottle", Some("bottle")), ("battle", Some("battle")), ("kettle", None)] {
            let suggested = suggestion(&searched("bittle"), &counts, &found_by(found)).await.unwrap();
            assert_eq!(suggested.as_deref(), expected);
        }
    }

    #[tokio::test]
    async fn nothing_is_asked_for_a_list_without_a_search_r225() {
        let (counts, products) = (MockCatalogueCounts::new(), MockProductQueries::new());
        assert_eq!(suggestion(&ProductFilter::default(), &counts, &products).await.unwrap(), None);
    }
}
