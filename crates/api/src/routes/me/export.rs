use std::sync::Arc;

use crate::context::State;
use crate::extract::Holder;
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Download, PersonalDataBody};
use crate::routes::auth::TAG;

pub(crate) const EXPORT: Operation = Operation::new(
    TAG,
    "exportMe",
    "Export all that is kept of the caller",
    "As a file in JSON: customer, account, logins, networks, cart, orders and their changes. Never a password or its hash.",
)
.problems(&[Kind::NOT_FOUND]);

pub(crate) async fn export(holder: Holder, state: Arc<State>) -> Result<Download<PersonalDataBody>, Problem> {
    let data = state.export_person.of_account(holder.0).await?;
    Ok(Download(PersonalDataBody::new(data, state.clock.now())))
}
