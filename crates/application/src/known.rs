//! What requests name: it is found, and locked if it changes.

use domain::groups::{Group, GroupId};
use domain::pricing::ZoneId;
use domain::products::{Product, ProductId};
use domain::tax_classes::TaxClassCode;
use domain::zones::Zone;
use domain::{Code, Invalid, Version};

use crate::{Error, Tx, expect_version};

/// Locks a product.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(crate) async fn locked_product(
    tx: &mut dyn Tx,
    id: ProductId,
    expected: Option<Version>,
) -> Result<Product, Error> {
    let product = tx.products().lock(id).await?.ok_or(Error::NotFound("product"))?;
    expect_version(expected, product.version)?;
    Ok(product)
}

/// Locks a group.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(crate) async fn locked_group(tx: &mut dyn Tx, id: GroupId, expected: Option<Version>) -> Result<Group, Error> {
    let group = tx.groups().lock(id).await?.ok_or(Error::NotFound("product group"))?;
    expect_version(expected, group.version)?;
    Ok(group)
}

/// Checks that there is a class with this code, if one is given.
///
/// # Errors
/// The refusal of the field that names it.
pub(crate) async fn expect_class(tx: &mut dyn Tx, field: &str, class: Option<&TaxClassCode>) -> Result<(), Error> {
    match class {
        Some(class) if !tx.tax_classes().has(class).await? => {
            Err(Error::field(field, Invalid::new(Code::NotFound, "must be the code of a tax class")))
        }
        _ => Ok(()),
    }
}

/// Locks the zone that `zone_id` names.
///
/// # Errors
/// The refusal of `zone_id` if there is none.
pub(crate) async fn expect_zone(tx: &mut dyn Tx, id: ZoneId) -> Result<Zone, Error> {
    let unknown = || Error::field("zone_id", Invalid::new(Code::NotFound, "must name a zone"));
    tx.zones().lock(id).await?.ok_or_else(unknown)
}
