use std::sync::Arc;

use application::media::DeletePicture;
use domain::media::MediaId;

use super::TAG;
use crate::context::State;
use crate::extract::{Admin, Path};
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

pub(crate) async fn delete(admin: Admin, state: Arc<State>, id: Path<MediaId>) -> Result<NoContent, Problem> {
    admin.runner(&state).run(DeletePicture(id.0)).await?;
    Ok(NoContent)
}
