//! API keys: how programs call the API.

pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod rename;
pub(crate) mod rotate;
mod secret;

use application::Error;
use domain::keys::{ApiKey, KeyId};

use super::SECTION;
use crate::request::Staff;

const LIST_PAGE: &str = "settings/keys";

/// The key of the path.
async fn asked(staff: &Staff) -> Result<ApiKey, Error> {
    let id = staff.id::<KeyId>("key")?;
    staff.office.queries.keys.get(id).await?.ok_or(Error::NotFound("key"))
}
