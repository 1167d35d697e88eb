use super::{after_it, asked};
use crate::act::redirect;
use crate::page::Answer;
use crate::request::Staff;

/// Asks the provider of a payment what it says now, and takes that over.
pub(crate) async fn sync(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    let is_answered = staff.office.payments.sync(&payment).await?.is_finished;
    let word = if is_answered { "synced" } else { "unanswered" };
    Ok(redirect(staff, &after_it(staff, payment.order_id, word)))
}
