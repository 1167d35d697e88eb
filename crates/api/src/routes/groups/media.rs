use std::sync::Arc;

use application::media::PicturesOf;
use domain::groups::GroupId;
use domain::media::Gallery;

use super::super::products::media::{PlacedMediaBody, give};
use super::TAG;
use crate::context::State;
use crate::extract::{Body, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

pub(crate) const PLACE: Operation = Operation::new(
    TAG,
    "placeProductGroupMedia",
    "Give a product group its pictures",
    "As `PUT /products/{id}/media` does. Products of the group without any of their own have the same, and their versions \
     rise with that of the group.",
);

pub(crate) async fn place(
    staff: Staff,
    state: Arc<State>,
    id: Path<GroupId>,
    expected: IfMatch,
    gallery: Body<Gallery>,
) -> Result<Resource<PlacedMediaBody>, Problem> {
    give(&staff, &state, PicturesOf::Group(id.0), gallery, expected).await
}
