//! Which pictures products have.

use std::collections::HashMap;
use std::sync::Arc;

use application::media::PlacePictures;
use domain::media::{Alt, Gallery, GalleryFault, MediaId, OwnerKind, Placed, Shown};
use domain::products::ProductId;
use domain::{StoreError, Uuid};
use serde::Serialize;
use serde_json::{Value, json};

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::read::{id, list_or_none, object, text};
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{self, Resource};
use crate::routes::media::MediaBody;
use crate::schema::{Apiv2Schema, ResponseBody};

/// The pictures of a product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductMedia")]
pub(crate) struct ProductMediaBody {
    /// In their order, the main one first.
    media: Vec<MediaBody>,
    /// The version of the product.
    version: i64,
}

impl ResponseBody for ProductMediaBody {
    fn example() -> Self {
        Self { media: vec![MediaBody::example()], version: 2 }
    }
}

impl respond::Body for ProductMediaBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl FromFields for Placed {
    const NAME: &'static str = "PlacedMedia";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let media_id = fields.required("id", &id(MediaId));
        let alt = fields.optional("alt", &text(Alt::parse));
        Some(Self { media_id: media_id?, alt: alt? })
    }

    fn example() -> Value {
        json!({ "id": example::id(), "alt": "A blue mug" })
    }
}

impl FromFields for Gallery {
    const NAME: &'static str = "NewProductMedia";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let placed = fields.required("media", &list_or_none(object::<Placed>(), Self::MOST))?;
        match Self::new(placed) {
            Ok(gallery) => Some(gallery),
            Err(fault @ GalleryFault::Twice(place)) => {
                fields.refuse(&format!("media[{place}].id"), fault.invalid());
                None
            }
            Err(fault @ GalleryFault::TooMany) => {
                fields.refuse("media", fault.invalid());
                None
            }
        }
    }

    fn example() -> Value {
        json!({ "media": [Placed::example()] })
    }
}

pub(crate) const PLACE: Operation = Operation::new(
    TAG,
    "placeProductMedia",
    "Give a product its pictures",
    "In their order, the main one first, in place of those that it had; none takes all away. `alt` says what a picture shows: \
     null as long as nobody has said it, empty if it is decorative.",
);

pub(crate) async fn place(
    staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    expected: IfMatch,
    gallery: Body<Gallery>,
) -> Result<Resource<ProductMediaBody>, Problem> {
    let place = PlacePictures { product_id: id.0, gallery: gallery.0, expected: expected.0 };
    let (version, shown) = staff.runner(&state).run(place).await?;
    let media = shown.iter().map(|shown| MediaBody::shown(shown, &state.media.base)).collect();
    Ok(Resource(ProductMediaBody { media, version: version.0 }))
}

/// The pictures of a product. Where nothing has any, nothing is read.
pub(super) async fn of(state: &State, id: ProductId) -> Result<Vec<Shown>, StoreError> {
    if !state.media.in_use.is_used().await? {
        return Ok(Vec::new());
    }
    Ok(state.queries.media.galleries(OwnerKind::Product, &[id.0]).await?.remove(&id.0).unwrap_or_default())
}

/// The main picture of each product. Where nothing has any, nothing is read.
pub(super) async fn main_of(state: &State, ids: &[Uuid]) -> Result<HashMap<Uuid, Shown>, StoreError> {
    if ids.is_empty() || !state.media.in_use.is_used().await? {
        return Ok(HashMap::new());
    }
    state.queries.media.first(OwnerKind::Product, ids).await
}
