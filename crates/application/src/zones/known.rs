use domain::pricing::ZoneId;
use domain::zones::Zone;
use domain::{Code, Invalid};

use crate::{Error, Tx};

/// Locks the zone that `zone_id` names.
///
/// # Errors
/// The refusal of `zone_id` if there is none.
pub(crate) async fn expect_zone(tx: &mut dyn Tx, id: ZoneId) -> Result<Zone, Error> {
    let unknown = || Error::field("zone_id", Invalid::new(Code::NotFound, "must name a zone"));
    tx.zones().lock(id).await?.ok_or_else(unknown)
}
