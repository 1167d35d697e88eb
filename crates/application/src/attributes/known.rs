use domain::Version;
use domain::attributes::{Attribute, AttributeCode};

use crate::{Error, Tx, expect_version};

/// Locks an attribute.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(crate) async fn locked_attribute(
    tx: &mut dyn Tx,
    code: &AttributeCode,
    expected: Option<Version>,
) -> Result<Attribute, Error> {
    let attribute = tx.attributes().lock(code).await?.ok_or(Error::NotFound("attribute"))?;
    expect_version(expected, attribute.version)?;
    Ok(attribute)
}

/// The attribute with this code, which is not locked.
///
/// # Errors
/// [`Error::NotFound`].
pub(crate) async fn attribute_of(tx: &mut dyn Tx, code: &AttributeCode) -> Result<Attribute, Error> {
    tx.attributes().find(code).await?.ok_or(Error::NotFound("attribute"))
}
