use std::sync::Arc;

use super::TAG;
use crate::context::State;
use crate::extract::{AttributeSegment, FromQuery, IdOrSlug, IfMatch, Nested, Params, Path, Query, Staff, boolean};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;
use application::terms::DeleteTerm;

/// Whether a term that products have goes.
pub(crate) struct Detach(bool);

impl FromQuery for Detach {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let detach = params.optional("detach", "Whether the term is taken from the products that have it.", boolean);
        Some(Self(detach?.unwrap_or(false)))
    }
}

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteTerm",
    "Delete a term",
    "One that products have stays, and `products` says how many they are, unless it is detached: from up to 10,000 at \
     once. A category with others below it stays.",
)
.problems(&[Kind::IN_USE]);

pub(crate) async fn delete(
    staff: Staff,
    state: Arc<State>,
    path: Path<Nested<AttributeSegment, IdOrSlug>>,
    expected: IfMatch,
    detach: Query<Detach>,
) -> Result<NoContent, Problem> {
    let Nested(AttributeSegment(attribute), IdOrSlug(key)) = path.0;
    let delete = DeleteTerm { attribute, key, detach: detach.0.0, expected: expected.0 };
    staff.runner(&state).run(delete).await?;
    Ok(NoContent)
}
