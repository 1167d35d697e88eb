//! Promotions: what is taken off purchases.

pub(crate) mod codes;
mod fields;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod show;
pub(crate) mod step;

use application::Error;
use domain::pricing::PromotionId;
use domain::promotions::Promotion;

use crate::request::Staff;

const SECTION: &str = "Settings";
const LIST_PAGE: &str = "promotions";

/// The promotion of the path.
async fn asked(staff: &Staff) -> Result<Promotion, Error> {
    let id = staff.id::<PromotionId>("promotion")?;
    staff.office.queries.promotions.get(id).await?.ok_or(Error::NotFound("promotion"))
}
