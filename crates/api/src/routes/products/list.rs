use std::collections::HashMap;
use std::sync::Arc;

use application::Error;
use domain::collections::SoughtCollection;
use domain::products::{ProductFilter, ProductSort, ProductView};
use domain::{Code, Invalid, Page, PageRequest, Rule, Ruled, SearchText, StoreError};

use super::super::collections::collected;
use super::super::groups::GroupOfProduct;
use super::TAG;
use super::body::ProductBody;
use super::facets::{CountsOfList, WantedCounts};
use super::include::{InList, Included};
use super::list_body::ProductPageBody;
use super::narrowed::Narrowed;
use super::sought::SoughtAttributes;
use super::{attributes, media};
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, FromQuery, Params, UnreadQuery, time_parameter};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Cached, List};

/// Which products are wanted, in which order.
pub(crate) struct Wanted {
    filter: ProductFilter,
    collection: Option<SoughtCollection>,
    /// The order that is asked for.
    sort: Option<ProductSort>,
    /// The list that its cursors are good for.
    list: &'static str,
    page: PageRequest,
    sought: SoughtAttributes,
    included: Included,
    counts: WantedCounts,
}

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let sort = params.optional("sort", "The order; `-` turns it round. `relevance`: the product whose SKU is `q`, then those with all words in the \
             name, then the others, the newest first.", ProductSort::parse);
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
        let counts = WantedCounts::take(params);
        let by_change = updated_after.flatten().map(|_| ProductSort::UpdatedAt);
        let is_sorted_twice = by_change.is_some() && sort.flatten().is_some();
        let sort = by_change.map_or(sort, |sort| Some(Some(sort)));
        let is_of_collection = collection.as_ref().is_some_and(Option::is_some);
        let list = list_in(sort.flatten(), is_of_collection);
        let page = params.page(list);
        if is_sorted_twice {
            let message = "cannot be given together with updated_after, which sorts by the last change";
            return params.refuse("sort", Invalid::new(Code::Excluded, message));
        }
        let Narrowed { filter, sought } = narrowed?;
        let filter = ProductFilter {
            search: search?.flatten(),
            updated_after: updated_after?,
            is_collapsed: collapse?.is_some(),
            ..filter
        };
        let included = include?.map(|InList(included)| included).unwrap_or_default();
        let included = Included { group: included.group || filter.is_collapsed, ..included };
        let (collection, counts) = (collection?, counts?);
        Some(Self { filter, collection, sort: sort?, list, page: page?, sought, included, counts })
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
    _: UnreadQuery<Wanted>,
) -> Result<Cached<ProductPageBody>, Problem> {
    if let Some(kept) = state.product_responses.find(key.text()) {
        return Ok(kept.into());
    }
    let wanted: Wanted = UnreadQuery::read(key.query(), &state)?;
    // What is refused is refused here; what it means is read again where the list is, of the same state.
    wanted.sought.expect_known(&state, reader.sees_all()).await?;
    wanted.counts.expect_known(&state, reader.sees_all()).await?;
    let (list, included) = (wanted.list, wanted.included);
    let make = async {
        let (page, counts) = seen(&reader, &state, wanted).await?;
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
        let body = |items, next_cursor| ProductPageBody::new(items, next_cursor, counts);
        Ok(Some(listed.rendered_as(key.path(), key.query(), &state.seal, body)))
    };
    let rendered = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await?;
    Ok(rendered.ok_or(Error::NotFound("page"))?.into())
}

/// What the reader sees of what is wanted.
async fn seen(
    reader: &CatalogReader,
    state: &State,
    wanted: Wanted,
) -> Result<(Page<ProductView>, CountsOfList), StoreError> {
    let Wanted { filter, collection, sort, page, sought, counts, .. } = wanted;
    let status = match (reader.only(), filter.status) {
        (Some(only), Some(asked)) if only != asked => None,
        (only, asked) => Some(only.or(asked)),
    };
    let conditions = sought.conditions(state, reader.sees_all()).await?;
    let nothing = |counts: WantedCounts| Ok((Page { items: Vec::new(), next: None }, counts.of_nothing()));
    let Some((status, attributes)) = status.zip(conditions) else { return nothing(counts) };
    let (collection, sort) = match collection {
        Some(sought) => match collected(state, &sought, sort).await? {
            Some((collected, sort)) => (Some(collected), sort),
            None => return nothing(counts),
        },
        None => (None, sort.unwrap_or_default()),
    };
    let filter = ProductFilter { status, attributes, collection, ..filter };
    let is_first = page.after.is_none();
    let listed = state.queries.products.list(&filter, sort, &page).await?;
    if !is_first || counts.is_nothing() {
        return Ok((listed, CountsOfList::default()));
    }
    // After the list, so that the counts are of no older state.
    let counts = counts.counts(state, filter, &sought, reader.sees_all()).await?;
    Ok((listed, counts))
}
