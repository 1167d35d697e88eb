//! Zones: parts of the world that are shipped to and taxed alike.

mod areas;
pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod new;

use application::Error;
use domain::pricing::ZoneId;
use domain::zones::Zone;

use crate::request::Staff;

pub(super) use super::SECTION;
/// The page that lists zones.
const LIST_PAGE: &str = "settings/shipping";
const PLACE: &str = "settings/zones";

/// The zone of the path.
async fn asked(staff: &Staff) -> Result<Zone, Error> {
    let id = staff.id::<ZoneId>("zone")?;
    staff.office.queries.zones.get(id).await?.ok_or(Error::NotFound("zone"))
}
