use std::sync::Arc;

use application::terms::{UpdateCategory, UpdateTerm};
use domain::attributes::AttributeCode;
use domain::terms::TermChange;

use super::super::products::media::gallery;
use super::TAG;
use super::body::CategoryBody;
use crate::context::State;
use crate::extract::{Body, IdOrSlug, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateCategory",
    "Change or move a category",
    "Fields that are not named stay; null takes texts away. A new `parent_id` moves it with all that is below it, and null \
     moves it to the top. It cannot be moved below itself, nor so that the tree has more than 8 levels.",
)
.problems(&[Kind::DUPLICATE, Kind::CYCLE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    key: Path<IdOrSlug>,
    expected: IfMatch,
    change: Body<TermChange>,
) -> Result<Resource<CategoryBody>, Problem> {
    let Path(IdOrSlug(key)) = key;
    let update = UpdateTerm { attribute: AttributeCode::category(), key, change: change.0, expected: expected.0 };
    let category = staff.runner(&state).run(UpdateCategory(update)).await?;
    let pictures = gallery(&state, category.term.id.into()).await?;
    Ok(Resource(CategoryBody::of(&category, &pictures, &state.media.base)))
}
