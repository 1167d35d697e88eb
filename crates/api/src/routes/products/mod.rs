//! Products.

pub(super) mod attributes;
mod body;
pub(super) mod create;
pub(super) mod delete;
mod facets;
pub(super) mod given;
mod include;
pub(super) mod list;
mod list_body;
pub(super) mod media;
mod particulars;
pub(super) mod prices;
mod sought;
mod tax_and_shipping;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::products::ProductId;

use self::body::ProductBody;
use self::include::IncludedInProduct;
pub(crate) use self::particulars::particulars;
pub(crate) use self::tax_and_shipping::tax_and_shipping;
use super::groups::GroupOfProduct;
use crate::context::State;
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
    let make = async {
        let Some(view) = state.queries.products.get(id.0, reader.only()).await? else { return Ok(None) };
        let has = attributes::of(&state, id.0, reader.sees_all()).await?;
        let pictures = media::of(&state, id.0).await?;
        let mut body = ProductBody::of(&view, state.shop).whole(&has).pictured(&pictures, &state.media.base);
        if reader.sees_all() {
            body = body.for_staff(&view.product);
        }
        if included.group || included.own {
            let member = state.queries.groups.membership(id.0).await?;
            if included.own {
                body = body.with_own(member.as_ref(), &has);
            }
            if included.group {
                let view = match member {
                    Some(member) => state.queries.groups.get(member.group_id, reader.only()).await?,
                    None => None,
                };
                body = body.in_group(GroupOfProduct::whole(view.as_ref(), state.shop, reader.sees_all()));
            }
        }
        Ok(Some(rendered(&body)))
    };
    let rendered = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await?;
    Ok(rendered.ok_or(Error::NotFound("product"))?.into())
}
