use super::{after_it, asked};
use crate::act::redirect;
use crate::page::Answer;
use crate::request::Staff;

/// Asks the provider of a payment what it says now, and takes that over. One that is not configured any more cannot be asked.
pub(crate) async fn sync(staff: &Staff) -> Answer {
    let payment = asked(staff).await?;
    let payments = &staff.office.payments;
    let word = match payments.providers().get(&payment.provider) {
        None => "unasked",
        Some(_) if payments.sync(&payment).await?.is_finished => "synced",
        Some(_) => "unanswered",
    };
    Ok(redirect(staff, &after_it(staff, payment.order_id, word)))
}
