use std::sync::Arc;

use domain::customers::CustomerId;

use super::TAG;
use crate::context::State;
use crate::extract::{Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Download, PersonalDataBody};

pub(crate) const EXPORT: Operation = Operation::new(
    TAG,
    "exportCustomer",
    "Export all that is kept of a customer",
    "What the customer gets by `GET /me/export`, for those who ask by letter.",
);

pub(crate) async fn export(
    _staff: Staff,
    state: Arc<State>,
    id: Path<CustomerId>,
) -> Result<Download<PersonalDataBody>, Problem> {
    let data = state.export_person.of_customer(id.0).await?;
    Ok(Download(PersonalDataBody::new(data, state.clock.now())))
}
