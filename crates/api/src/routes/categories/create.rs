use std::sync::Arc;

use application::terms::CreateCategory;
use domain::terms::{Category, TermDetails};

use super::TAG;
use super::body::CategoryBody;
use crate::context::State;
use crate::extract::{IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createCategory",
    "Make a category",
    "At the top, or below the category that `parent_id` names. Without a `slug` one is made of the name. The tree has at \
     most 8 levels and 10,000 categories.",
)
.problems(&[Kind::DUPLICATE, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<TermDetails>,
) -> Result<Idempotent<Created<CategoryBody>>, Problem> {
    let present = |made: &Category| Created::at(CategoryBody::location(made), &CategoryBody::of(made, &[], ""));
    Ok(staff.runner(&state).run_once(request.claim, CreateCategory(request.body), present).await?.try_into()?)
}
