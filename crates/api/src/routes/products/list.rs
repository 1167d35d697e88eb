use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::Error;
use application::products::suggestion;
use domain::products::{ProductFilter, ProductSort, ProductView};
use domain::{Code, Invalid, Page, PageRequest, Rule, Ruled, StoreError};

use super::super::groups::GroupOfProduct;
use super::TAG;
use super::body::ProductBody;
use super::chosen::{Chosen, Taken};
use super::facets::{CountsOfList, CountsQuery};
use super::include::{InList, Included};
use super::list_body::ProductPageBody;
use super::{attributes, media};
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, FromQuery, Params, UnreadQuery};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Cached, List};

/// Which products are wanted, in which order.
pub(crate) struct ListQuery {
    chosen: Chosen,
    /// The order that is asked for.
    sort: Option<ProductSort>,
    /// The list that its cursors are good for.
    list: &'static str,
    page: PageRequest,
    is_collapsed: bool,
    included: Included,
    counts: CountsQuery,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let sort = params.optional("sort", "The order; `-` turns it round. `relevance`: the product whose SKU or barcode is `q`, then those with all words in the \
             name, then the others, the newest first.", ProductSort::parse);
        let Taken { chosen, is_by_change, is_of_collection } = Chosen::take(params);
        let include = params.optional(
            "include",
            "What else the items have: `attributes`, `group`, or both with a comma between them.",
            InList::parse,
        );
        let collapse = params.optional(
            "collapse",
            "`group`: of each product group only the first product that is found, in the order of the list. Items have \
             their `group`, null for a single product.",
            Collapse::parse,
        );
        let counts = CountsQuery::take(params);
        let asked = params.sort_unless_by_change(is_by_change, sort);
        let sort = if is_by_change { Some(ProductSort::UpdatedAt) } else { asked.flatten() };
        let list = list_in(sort, is_of_collection);
        let page = params.page(list);
        asked?;
        let is_collapsed = collapse?.is_some();
        let included = include?.map(|InList(included)| included).unwrap_or_default();
        let included = Included { group: included.group || is_collapsed, ..included };
        Some(Self { chosen: chosen?, sort, list, page: page?, is_collapsed, included, counts: counts? })
    }
}

/// What comes once in a list.
struct Collapse;

impl Collapse {
    fn parse(raw: &str) -> Result<Self, Invalid> {
        match raw {
            "group" => Ok(Self),
            _ => Err(Invalid::new(Code::NotAllowed, "must be: group")),
        }
    }
}

impl Ruled for Collapse {
    fn rule() -> Rule {
        Rule::OneOf(vec!["group"])
    }
}

/// Each order is a list of its own, so that its cursors are of no use in another, and so is that of collections.
fn list_in(sort: Option<ProductSort>, is_of_collection: bool) -> &'static str {
    if is_of_collection && sort.is_none() {
        return "products of a collection";
    }
    match sort.unwrap_or_default() {
        ProductSort::CreatedAt => "products",
        ProductSort::CreatedAtDescending => "products, newest first",
        ProductSort::Name => "products by name",
        ProductSort::NameDescending => "products by name, backwards",
        ProductSort::Price => "products by price",
        ProductSort::PriceDescending => "products by price, dearest first",
        ProductSort::Relevance => "products by relevance",
        ProductSort::UpdatedAt => "products by change",
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listProducts",
    "List products, or search them by name, description and SKU",
    "Page by page. Customers see active products only. Besides the parameters below, `attr.` and the code of an attribute \
     narrows the list to what has one of its terms (`attr.colour=blue,red`), a number or a day in a range \
     (`attr.capacity_ml=300..500`, `..500`, `300..`), or a value (`attr.recycled=true`). An attribute must be filterable.",
);

pub(crate) async fn list(
    reader: CatalogReader,
    state: Arc<State>,
    key: CacheKey,
    _: UnreadQuery<ListQuery>,
) -> Result<Cached<ProductPageBody>, Problem> {
    if let Some(kept) = state.product_responses.find(key.text()) {
        return Ok(kept.into());
    }
    let query: ListQuery = UnreadQuery::read(key.query(), &state)?;
    // What is refused is refused here; what it means is read again where the list is, of the same state.
    query.chosen.sought.expect_known(&state, reader.sees_all()).await?;
    query.counts.expect_known(&state, reader.sees_all()).await?;
    let (list, included, is_for_now) = (query.list, query.included, AtomicBool::new(false));
    let make = async {
        let Seen { page, counts, suggestion, may_be_known_soon } = seen(&reader, &state, query).await?;
        is_for_now.store(may_be_known_soon, Ordering::Relaxed);
        let ids = |wanted: bool| page.items.iter().map(|view| view.product.id).filter(|_| wanted).collect::<Vec<_>>();
        let has = attributes::of_all(&state, &ids(included.attributes), reader.sees_all()).await?;
        let groups =
            if included.group { state.queries.groups.cards(&ids(true), reader.only()).await? } else { HashMap::new() };
        let pictures = media::main_of(&state, &ids(true)).await?;
        let listed = List::new(list, page, |view| {
            let id = view.product.id;
            let picture = pictures.get(&id);
            let mut body = ProductBody::of(&view, state.shop).with_picture(picture, &state.media.base);
            if reader.sees_all() {
                body = body.for_staff(&view.product);
            }
            if included.attributes {
                body = body.with(has.get(&id).map_or(&[], Vec::as_slice));
            }
            if included.group {
                body = body.in_group(GroupOfProduct::short(groups.get(&id), state.shop));
            }
            body
        });
        let body = |items, next_cursor| ProductPageBody::new(items, next_cursor, counts).suggesting(suggestion);
        Ok(Some(listed.rendered_as(key.path(), key.query(), &state.seal, body)))
    };
    let rendered = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await?;
    if is_for_now.into_inner() {
        state.product_responses.forget(key.text());
    }
    Ok(rendered.ok_or(Error::NotFound("page"))?.into())
}

/// What the reader sees of what is wanted.
struct Seen {
    page: Page<ProductView>,
    counts: CountsOfList,
    /// What may have been meant, if nothing is found.
    suggestion: Option<String>,
    /// Whether counts or a suggestion are missing that the index of the catalogue will know.
    may_be_known_soon: bool,
}

async fn seen(reader: &CatalogReader, state: &State, query: ListQuery) -> Result<Seen, StoreError> {
    let ListQuery { chosen, sort, page, is_collapsed, counts, .. } = query;
    let Some((filter, sort)) = chosen.list(state, reader.only(), sort).await? else {
        let (page, counts) = (Page { items: Vec::new(), next: None }, counts.of_nothing());
        return Ok(Seen { page, counts, suggestion: None, may_be_known_soon: false });
    };
    let filter = ProductFilter { is_collapsed, ..filter };
    let is_first = page.after.is_none();
    let page = state.queries.products.list(&filter, sort, &page).await?;
    let may_be_meant = is_first && page.items.is_empty() && filter.search.is_some();
    let are_counted = is_first && !counts.is_nothing();
    if !may_be_meant && !are_counted {
        return Ok(Seen { page, counts: CountsOfList::default(), suggestion: None, may_be_known_soon: false });
    }
    let was_coming = state.counts.state().await.is_coming();
    let suggestion = if may_be_meant {
        suggestion(&filter, state.counts.as_ref(), state.queries.products.as_ref()).await?
    } else {
        None
    };
    // After the list, so that the counts are of no older state.
    let counts = if are_counted {
        counts.counts(state, filter, &chosen.sought, reader.sees_all()).await?
    } else {
        CountsOfList::default()
    };
    let is_missing = counts.are_unknown() || may_be_meant && suggestion.is_none();
    let may_be_known_soon = is_missing && (was_coming || state.counts.state().await.is_coming());
    Ok(Seen { page, counts, suggestion, may_be_known_soon })
}
