//! Which pictures products and other things have.

use std::collections::HashMap;
use std::sync::Arc;

use application::media::{PicturesOf, PlacePictures};
use domain::groups::{GroupPictures, GroupView};
use domain::media::{Alt, Gallery, GalleryFault, MediaId, Owner, OwnerKind, Placed, ProductPictures, Shown};
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

/// The pictures of a product, a product group, a collection or a term.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductMedia")]
pub(crate) struct PlacedMediaBody {
    /// In their order, the main one first.
    media: Vec<MediaBody>,
    /// The version of what has them.
    version: i64,
}

impl ResponseBody for PlacedMediaBody {
    fn example() -> Self {
        Self { media: vec![MediaBody::example()], version: 2 }
    }
}

impl respond::Body for PlacedMediaBody {
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
        as_gallery(placed, fields)
    }

    fn example() -> Value {
        json!({ "media": [Placed::example()] })
    }
}

/// Pictures of the field `media` as a gallery; `None` after adding the refusal.
pub(super) fn as_gallery(placed: Vec<Placed>, fields: &mut Fields<'_>) -> Option<Gallery> {
    match Gallery::new(placed) {
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
) -> Result<Resource<PlacedMediaBody>, Problem> {
    give(&staff, &state, PicturesOf::Product(id.0), gallery, expected).await
}

/// Gives something its pictures.
pub(in crate::routes) async fn give(
    staff: &Staff,
    state: &Arc<State>,
    of: PicturesOf,
    gallery: Body<Gallery>,
    expected: IfMatch,
) -> Result<Resource<PlacedMediaBody>, Problem> {
    let place = PlacePictures { of, gallery: gallery.0, expected: expected.0 };
    let (version, shown) = staff.runner(state).run(place).await?;
    let media = bodies(&shown, &state.media.base);
    Ok(Resource(PlacedMediaBody { media, version: version.0 }))
}

/// Pictures as they are shown.
pub(in crate::routes) fn bodies(shown: &[Shown], base: &str) -> Vec<MediaBody> {
    shown.iter().map(|shown| MediaBody::shown(shown, base)).collect()
}

/// The pictures of something. Where nothing has any, nothing is read.
pub(in crate::routes) async fn gallery(state: &State, owner: Owner) -> Result<Vec<Shown>, StoreError> {
    Ok(galleries(state, owner.kind, &[owner.id]).await?.remove(&owner.id).unwrap_or_default())
}

/// The same of several things of a kind.
pub(in crate::routes) async fn galleries(
    state: &State,
    kind: OwnerKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Shown>>, StoreError> {
    if ids.is_empty() || !state.media.in_use.is_used().await? {
        return Ok(HashMap::new());
    }
    state.queries.media.galleries(kind, ids).await
}

/// The main picture of each thing of a kind. Where nothing has any, nothing is read.
pub(in crate::routes) async fn first(
    state: &State,
    kind: OwnerKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Shown>, StoreError> {
    if ids.is_empty() || !state.media.in_use.is_used().await? {
        return Ok(HashMap::new());
    }
    state.queries.media.first(kind, ids).await
}

/// The group with its pictures and those of its members. Where nothing has any, nothing is read.
pub(in crate::routes) async fn with_pictures(state: &State, view: GroupView) -> Result<GroupView, StoreError> {
    let of_group = gallery(state, view.group.id.into()).await?;
    let members: Vec<_> = view.members.iter().map(|member| member.id).collect();
    let of_members = main_of(state, &members).await?;
    Ok(GroupView { pictures: GroupPictures { shown: of_group, of_members }, ..view })
}

/// The pictures of a product. Where nothing has any, nothing is read.
pub(super) async fn of(state: &State, id: ProductId) -> Result<ProductPictures, StoreError> {
    if !state.media.in_use.is_used().await? {
        return Ok(ProductPictures::default());
    }
    Ok(state.queries.media.of_products(&[id]).await?.remove(&id).unwrap_or_default())
}

/// The main picture of each product. Where nothing has any, nothing is read.
pub(super) async fn main_of(state: &State, ids: &[ProductId]) -> Result<HashMap<ProductId, Shown>, StoreError> {
    if ids.is_empty() || !state.media.in_use.is_used().await? {
        return Ok(HashMap::new());
    }
    state.queries.media.first_of_products(ids).await
}
