//! Products.

pub(super) mod attributes;
pub(super) mod batch;
mod body;
mod bulk;
pub(super) mod by_slug;
mod chosen;
pub(super) mod create;
pub(super) mod delete;
pub(crate) mod export;
mod facets;
mod fields;
pub(super) mod given;
mod include;
pub(super) mod list;
mod list_body;
pub(super) mod media;
mod narrowed;
mod page;
mod particulars;
pub(super) mod prices;
mod sought;
mod tax_and_shipping;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::StoreError;
use domain::products::ProductId;

use self::body::ProductBody;
pub(crate) use self::bulk::{columns as bulk_columns, kept as kept_bulk_change};
pub(super) use self::fields::ProductFields;
use self::include::{Included, IncludedInProduct};
pub(super) use self::narrowed::Narrowed;
pub(crate) use self::page::{page, page_change};
use super::groups::GroupOfProduct;
use crate::context::{RenderedResponse, State};
use crate::extract::{CacheKey, CatalogReader, Path, UnreadQuery};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{Cached, rendered};

pub(super) const TAG: &Tag = &Tag { name: "Products", description: "What is sold." };

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showProduct",
    "Show a product",
    "Customers see active products only: others are a 404 for them. `include=group` adds its `group` as `GET \
     /product-groups/{id}` has it, and `include=own` the names of the fields that are its own.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    key: CacheKey,
    id: Path<ProductId>,
    _: UnreadQuery<IncludedInProduct>,
) -> Result<Cached<ProductBody>, Problem> {
    if let Some(kept) = state.product_responses.find(key.text()) {
        return Ok(kept.into());
    }
    let IncludedInProduct(included) = UnreadQuery::read(key.query(), &state)?;
    let make = whole(&state, &reader, id.0, included);
    let rendered = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await?;
    Ok(rendered.ok_or(Error::NotFound("product"))?.into())
}

/// A product as it is shown alone; `None` if the reader does not see it.
async fn whole(
    state: &State,
    reader: &CatalogReader,
    id: ProductId,
    included: Included,
) -> Result<Option<RenderedResponse>, StoreError> {
    let Some((view, page)) = state.queries.pages.product(id, reader.only()).await? else { return Ok(None) };
    let has = attributes::of(state, id, reader.sees_all()).await?;
    let pictures = media::of(state, id).await?;
    let base = &state.media.base;
    let mut body =
        ProductBody::of(&view, state.shop).whole(&has).pictured(&pictures.shown, base).with_page(&page.shown, base);
    if reader.sees_all() {
        body = body.for_staff(&view.product);
    }
    if included.group || included.own {
        let member = state.queries.groups.membership(id).await?;
        if included.own {
            body = body.with_own(member.as_ref(), &has, &page.own, pictures.are_own);
        }
        if included.group {
            let view = match member {
                Some(member) => state.queries.groups.get(member.group_id, reader.only()).await?,
                None => None,
            };
            let view = match view {
                Some(view) => Some(media::with_pictures(state, view).await?),
                None => None,
            };
            body = body.in_group(GroupOfProduct::whole(view.as_ref(), state, reader.sees_all()));
        }
    }
    Ok(Some(rendered(&body)))
}
