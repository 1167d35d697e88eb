//! Tax classes: which rates of a zone products and shipping bear.

pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod new;

use application::Error;
use domain::tax_classes::{TaxClass, TaxClassId};

use crate::request::Staff;

pub(super) use super::SECTION;
/// The page that lists classes.
const LIST_PAGE: &str = "settings/taxes";
const PLACE: &str = "settings/tax-classes";

/// The class of the path.
async fn asked(staff: &Staff) -> Result<TaxClass, Error> {
    let id = staff.id::<TaxClassId>("tax class")?;
    staff.office.queries.tax_classes.get(id).await?.ok_or(Error::NotFound("tax class"))
}
