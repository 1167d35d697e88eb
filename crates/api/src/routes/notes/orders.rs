use std::sync::Arc;

use domain::notes::{NoteId, NoteOwner};
use domain::orders::OrderId;

use super::body::NoteBody;
use super::{Paged, Request, TAG};
use crate::context::State;
use crate::extract::{IdempotentBody, Nested, Path, Query, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent, List, NoContent, Resource};

pub(crate) const LIST: Operation =
    Operation::new(TAG, "listOrderNotes", "List the notes of staff on an order, the newest first", "Page by page.");

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    id: Path<OrderId>,
    page: Query<Paged>,
) -> Result<List<NoteBody>, Problem> {
    super::list(&state, NoteOwner::Order(id.0), &page.0).await
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showOrderNote", "Show a note of staff on an order", "A note never changes.");

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    ids: Path<Nested<OrderId, NoteId>>,
) -> Result<Resource<NoteBody>, Problem> {
    super::show(&state, NoteOwner::Order(ids.0.0), ids.0.1).await
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createOrderNote",
    "Write a note on an order",
    "For staff: customers see no notes. The file of all that is kept of a person has them, since the law entitles it to \
     them, and an erasure deletes them. An order of an erased customer takes none.",
)
.problems(&[Kind::ORDER_FIXED]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    id: Path<OrderId>,
    request: IdempotentBody<Request>,
) -> Result<Idempotent<Created<NoteBody>>, Problem> {
    super::create(&staff, &state, NoteOwner::Order(id.0), request).await
}

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteOrderNote",
    "Delete one's own note on an order",
    "Only its author deletes a note; others get a 403.",
);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    ids: Path<Nested<OrderId, NoteId>>,
) -> Result<NoContent, Problem> {
    super::delete(&staff, &state, NoteOwner::Order(ids.0.0), ids.0.1).await
}
