use domain::pricing::ZoneId;

use crate::tax_rates::codes_of;
use crate::{Error, Tx, Users};

/// What names a zone, and so keeps it from being deleted. Each noun that has a zone is asked here.
pub(super) async fn users(tx: &mut dyn Tx, id: ZoneId) -> Result<Vec<Users>, Error> {
    let methods = tx.shipping_methods().in_zone(id).await?;
    let names = methods.iter().map(|code| code.as_str().to_owned()).collect();
    let rates = codes_of(tx, |zone, _| zone.id == id).await?;
    Ok(vec![Users { kind: "shipping methods", names }, rates])
}
