use std::sync::Arc;

use application::media::PicturesOf;
use domain::media::Gallery;

use super::super::products::media::{PlacedMediaBody, give};
use super::TAG;
use crate::context::State;
use crate::extract::{Body, CollectionSegment, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

pub(crate) const PLACE: Operation = Operation::new(
    TAG,
    "placeCollectionMedia",
    "Give a collection its pictures",
    "As `PUT /products/{id}/media` does.",
);

pub(crate) async fn place(
    staff: Staff,
    state: Arc<State>,
    key: Path<CollectionSegment>,
    expected: IfMatch,
    gallery: Body<Gallery>,
) -> Result<Resource<PlacedMediaBody>, Problem> {
    give(&staff, &state, PicturesOf::Collection(key.0.0), gallery, expected).await
}
