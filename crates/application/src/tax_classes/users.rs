use domain::pricing::MethodCode;
use domain::products::ProductName;
use domain::tax_classes::TaxClassCode;
use domain::zones::ZoneName;

use crate::tax_rates::codes_of;
use crate::{Error, Tx, Users};

/// What names a tax class by its code, and so keeps it from being deleted. Each noun that has a tax class is asked here.
pub(super) async fn users(tx: &mut dyn Tx, class: &TaxClassCode) -> Result<Vec<Users>, Error> {
    let default = (*class == TaxClassCode::default()).then(|| "all that were given no class".to_owned());
    let products = tx.products().of_class(class).await?;
    let zones = tx.zones().with_shipping_class(class).await?;
    let methods = tx.shipping_methods().of_class(class).await?;
    let rates = codes_of(tx, |_, rate| rate.class == *class).await?;
    let code = |code: &MethodCode| code.as_str().to_owned();
    Ok(vec![
        Users {
            kind: "products",
            names: default.into_iter().chain(products.iter().map(ProductName::to_string)).collect(),
        },
        Users { kind: "zones", names: zones.iter().map(ZoneName::to_string).collect() },
        Users { kind: "shipping methods", names: methods.iter().map(code).collect() },
        rates,
    ])
}
