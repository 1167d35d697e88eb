use domain::pricing::TaxClass;
use domain::zones::ZoneName;

use crate::{Error, Tx, Users};

/// What names a tax class by its code, and so keeps it from being deleted. Each noun that has a tax class is asked here.
pub(super) async fn users(tx: &mut dyn Tx, class: &TaxClass) -> Result<Vec<Users>, Error> {
    let default = (*class == TaxClass::default()).then(|| "all that were given no class".to_owned());
    let zones = tx.zones().with_shipping_class(class).await?;
    Ok(vec![
        Users { kind: "products", names: default.into_iter().collect() },
        Users { kind: "zones", names: zones.iter().map(ZoneName::to_string).collect() },
    ])
}
