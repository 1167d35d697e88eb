use std::sync::Arc;

use application::media::DeletePicture;
use domain::media::MediaId;

use super::TAG;
use crate::context::State;
use crate::extract::{Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::NoContent;

pub(crate) const DELETE: Operation = Operation::new(
    TAG,
    "deleteMedia",
    "Delete a picture that nothing shows",
    "Its files go within a day. Caches may show it longer.",
)
.problems(&[Kind::IN_USE]);

pub(crate) async fn delete(staff: Staff, state: Arc<State>, id: Path<MediaId>) -> Result<NoContent, Problem> {
    staff.runner(&state).run(DeletePicture(id.0)).await?;
    Ok(NoContent)
}
