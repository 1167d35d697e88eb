//! Categories: the terms of `category`, as a tree.

mod body;
pub(super) mod create;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::attributes::AttributeCode;
use domain::terms::{Category, Leveled, MAX_DEPTH, TermKey};
use domain::{Code, Invalid, Rule, Ruled};

use self::body::{CategoryBody, CategoryTreeBody};
use super::attributes::visible;
use super::products::media::gallery;
use super::terms::moved;
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, FromQuery, IdOrSlug, Params, Path, Query};
use crate::operation::{Operation, Tag};
use crate::problem::{Kind, Problem};
use crate::respond::{Addressed, Resource, rendered};

pub(super) const TAG: &Tag = &Tag { name: "Categories", description: "The tree in which products stand." };

/// Which part of the tree is wanted.
pub(crate) struct ListQuery {
    root: Option<Root>,
    depth: Option<Levels>,
}

struct Root(TermKey);

impl Ruled for Root {
    fn rule() -> Rule {
        domain::slugs::Slug::rule()
    }
}

/// A number of levels.
struct Levels(usize);

impl Levels {
    fn parse(raw: &str) -> Result<Self, Invalid> {
        let levels = raw.parse().ok().filter(|levels| (1..=MAX_DEPTH).contains(levels));
        let refusal = || Invalid::new(Code::Format, format!("must be a whole number from 1 to {MAX_DEPTH}"));
        levels.map(Self).ok_or_else(refusal)
    }
}

impl Ruled for Levels {
    fn rule() -> Rule {
        Rule::integer(1, 8)
    }
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let parse = |raw: &str| TermKey::parse(raw).map(Root);
        let root = params.optional("root", "Only this category, by its slug or id, and what is below it.", parse);
        let depth = params.optional("depth", "Only so many levels, from the top or from `root` on.", Levels::parse);
        Some(Self { root: root?, depth: depth? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listCategories",
    "List the tree of categories, each before what is below it",
    "The whole tree, or a part of it. `depth` is 1 at the top.",
)
.problems(&[Kind::NOT_FOUND]);

pub(crate) async fn list(
    reader: CatalogReader,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<Resource<CategoryTreeBody>, Problem> {
    visible(&reader, &state, &AttributeCode::category()).await?;
    let taxonomy = state.taxonomies.current().await?;
    let tree = taxonomy.categories();
    let part = match &query.0.root {
        Some(Root(key)) => match tree.subtree(key) {
            [] => return Err(Error::NotFound("category").into()),
            part => part,
        },
        None => tree.all(),
    };
    let top = part.first().map_or(1, |category| category.depth);
    let levels = query.0.depth.map_or(MAX_DEPTH, |Levels(levels)| levels);
    let is_wanted = |category: &&Leveled| category.depth < top + levels;
    Ok(Resource(CategoryTreeBody::of(part.iter().filter(is_wanted))))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showCategory",
    "Show a category with those above and right below it, by its id or slug",
    "`ancestors` are from the top down. A slug that the category had before leads to the current one. The `ETag` is what `If-Match` wants.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    request: CacheKey,
    key: Path<IdOrSlug>,
) -> Result<Addressed<CategoryBody>, Problem> {
    let attribute = visible(&reader, &state, &AttributeCode::category()).await?;
    let Path(IdOrSlug(key)) = key;
    let Some(term) = state.queries.terms.get(attribute.id, &key).await? else {
        let current = moved(&state, attribute.id, &key).await?.ok_or(Error::NotFound("category"))?;
        return Ok(Addressed::moved(&format!("/api/v1/categories/{current}"), request.query()));
    };
    let taxonomy = state.taxonomies.current().await?;
    let tree = taxonomy.categories();
    let ancestors = tree.ancestors(term.id).into_iter().cloned().collect();
    let children = tree.children(term.id).cloned().collect();
    let pictures = gallery(&state, term.id.into()).await?;
    let body = CategoryBody::of(&Category { term, ancestors, children }, &pictures, &state.media.base);
    Ok(Addressed::Here(Arc::new(rendered(&body)).into()))
}
