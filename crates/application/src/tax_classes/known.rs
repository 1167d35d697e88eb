use domain::pricing::TaxClass;
use domain::{Code, Invalid};

use crate::{Error, Tx};

/// Checks that there is a class with this code, if one is given.
///
/// # Errors
/// The refusal of the field that names it.
pub(crate) async fn expect_class(tx: &mut dyn Tx, field: &str, class: Option<&TaxClass>) -> Result<(), Error> {
    match class {
        Some(class) if !tx.tax_classes().has(class).await? => {
            Err(Error::field(field, Invalid::new(Code::NotFound, "must be the code of a tax class")))
        }
        _ => Ok(()),
    }
}
