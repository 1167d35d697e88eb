//! Shipping methods: ways to ship into a zone.

pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod new;
mod tiers;

use application::Error;
use domain::shipping_methods::{ShippingMethod, ShippingMethodId};

use crate::request::Staff;

pub(super) use super::SECTION;
/// The page that lists shipping methods.
const LIST_PAGE: &str = "settings/shipping";
const PLACE: &str = "settings/shipping-methods";

/// The shipping method of the path.
async fn asked(staff: &Staff) -> Result<ShippingMethod, Error> {
    let id = staff.id::<ShippingMethodId>("shipping method")?;
    staff.office.queries.shipping_methods.get(id).await?.ok_or(Error::NotFound("shipping method"))
}
