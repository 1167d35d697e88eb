use std::sync::Arc;

use application::groups::AssignToGroup;
use domain::groups::GroupId;

use super::super::products::attributes::ProductAttributesBody;
use super::super::products::given::Assignment;
use super::TAG;
use crate::context::State;
use crate::extract::{Body, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

pub(crate) const ASSIGN: Operation = Operation::new(
    TAG,
    "assignGroupAttributes",
    "Give a product group terms and values of attributes",
    "As `PUT /products/{id}/attributes` does. Products of the group without their own have the same. Options are no such \
     attributes: `values` has their terms.",
)
.problems(&[Kind::IN_USE, Kind::TOO_MANY_THERE]);

pub(crate) async fn assign(
    staff: Staff,
    state: Arc<State>,
    id: Path<GroupId>,
    expected: IfMatch,
    given: Body<Assignment>,
) -> Result<Resource<ProductAttributesBody>, Problem> {
    let assign = AssignToGroup { id: id.0, given: given.0.0, expected: expected.0 };
    let (version, has) = staff.runner(&state).run(assign).await?;
    Ok(Resource(ProductAttributesBody::of(&has, version.0)))
}
