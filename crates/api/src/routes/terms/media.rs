use std::sync::Arc;

use application::media::PicturesOf;
use domain::media::Gallery;

use super::super::products::media::{PlacedMediaBody, give};
use super::TAG;
use crate::context::State;
use crate::extract::{AttributeSegment, Body, IdOrSlug, IfMatch, Nested, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

pub(crate) const PLACE: Operation = Operation::new(
    TAG,
    "placeTermMedia",
    "Give a term its pictures",
    "As `PUT /products/{id}/media` does. Categories are terms, too.",
);

pub(crate) async fn place(
    staff: Staff,
    state: Arc<State>,
    path: Path<Nested<AttributeSegment, IdOrSlug>>,
    expected: IfMatch,
    gallery: Body<Gallery>,
) -> Result<Resource<PlacedMediaBody>, Problem> {
    let Nested(AttributeSegment(attribute), IdOrSlug(key)) = path.0;
    give(&staff, &state, PicturesOf::Term(attribute, key), gallery, expected).await
}
