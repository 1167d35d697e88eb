//! Units on hand in the grid of products: what was counted.

use actix_web::http::StatusCode;
use application::stock::AdjustStock;
use application::{Claim, Error};
use domain::access::{Noun, Scope};
use domain::imports::WholeProduct;
use domain::products::ProductId;
use domain::stock::{Adjustment, Reason};
use domain::{Code, Invalid, plain_integer};

use super::batch::{CLAIM_OF_COUNTS, Rows, filled_again, named, products_of};
use crate::act::once_for;
use crate::form::{Form, is_shown};
use crate::request::Staff;

/// The field of the grid.
pub(super) const FIELD: &str = "on_hand";

/// What was counted of a product: the difference to what the grid showed, so that a sale meanwhile is not lost.
pub(super) struct Count {
    product_id: ProductId,
    adjustment: Adjustment,
}

/// Whether the grid has the field.
pub(super) fn may(staff: &Staff) -> bool {
    staff.may(Scope::Write(Noun::Stock))
}

/// The counts of the products whose number somebody has changed; `None` if a field is refused.
pub(super) fn typed(form: &mut Form, products: impl Iterator<Item = ProductId>) -> Option<Vec<Count>> {
    let mut counts = Some(Vec::new());
    for product_id in products {
        let name = named(FIELD, product_id);
        let shown = form.before(&name).and_then(|shown| plain_integer(shown).ok());
        let Some(shown) = shown.filter(|shown| form.text(&name) != Some(&shown.to_string())) else { continue };
        let adjustment = form.required(&name, |raw| Adjustment::parse(plain_integer(raw)?.saturating_sub(shown)));
        match (adjustment, &mut counts) {
            (Some(adjustment), Some(counts)) => counts.push(Count { product_id, adjustment }),
            (None, _) => counts = None,
            (Some(_), None) => {}
        }
    }
    counts
}

/// Adjusts the stock of each product that was counted, whether or not that of another one is refused. Then the grid shows
/// what the products hold now, with the refused counts.
///
/// # Errors
/// A failure, or a refusal that is not to be shown beside a form.
pub(super) async fn save(
    staff: &Staff,
    claim: &dyn Fn(usize) -> Option<Claim>,
    counts: Vec<Count>,
    form: Form,
    products: &mut Vec<WholeProduct>,
) -> Result<Rows, Error> {
    let reason = Reason::parse("Counted").map_err(|invalid| Error::field(FIELD, invalid))?;
    let mut refused = Vec::new();
    for (part, Count { product_id, adjustment }) in (CLAIM_OF_COUNTS..).zip(counts) {
        let adjust = AdjustStock { product_id, adjustment, reason: reason.clone() };
        match once_for(staff, claim(part), adjust).await {
            Ok(()) => {}
            Err(error) if is_shown(&error) => refused.push((product_id, error)),
            Err(error) => return Err(error),
        }
    }
    if refused.is_empty() {
        return Ok(Rows::Saved(form));
    }
    let ids: Vec<_> = products.iter().map(|whole| whole.product.id).collect();
    *products = products_of(staff, ids.into_iter()).await?;
    let typed = form.clone();
    // The key is used up by what is saved.
    let mut form = filled_again(staff, form, products).without(|name| name == Form::KEY);
    for (id, error) in refused {
        let name = named(FIELD, id);
        form.put(&name, typed.text(&name).unwrap_or_default().to_owned());
        let why = format!("is not saved: {} Count again.", staff.explain(error).detail);
        form.refuse::<()>(&name, Invalid::new(Code::Format, why));
    }
    form.message = Some("The rest of the products is saved.".to_owned());
    Ok(Rows::Refused(StatusCode::CONFLICT, form))
}
