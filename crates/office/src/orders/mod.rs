//! Orders.

pub(crate) mod advance;
pub(crate) mod cancel;
pub(crate) mod edit;
pub(crate) mod filter;
pub(crate) mod list;
mod money;
pub(crate) mod refund;
mod refused;
pub(crate) mod ship_many;
pub(crate) mod show;
pub(crate) mod slips;
mod timeline;
mod totals;
pub(crate) mod tracking;

use application::Error;
use domain::MailTemplate;
use domain::orders::{Order, OrderId, OrderScope};

use self::list::with_filter;
use crate::parts::Dialog;
use crate::request::Staff;

const SECTION: &str = "Orders";

/// The order of the path.
async fn asked(staff: &Staff) -> Result<Order, Error> {
    let id = staff.id::<OrderId>("order")?;
    staff.office.queries.orders.get(id, OrderScope::All).await?.ok_or(Error::NotFound("order"))
}

/// How people name an order: its number, or the beginning of its id.
pub(crate) fn name(order: &Order) -> String {
    let id = || order.id.to_string().chars().take(8).collect();
    order.number.as_ref().map_or_else(id, ToString::to_string)
}

/// A dialog about an order, which is sent to a page below that of the order and leads back to it, with the filter of the list.
fn about<'a>(staff: &Staff, order: &Order, title: String, action: &str, button: &'a str) -> Dialog<'a> {
    let page = |rest: &str| with_filter(staff, &format!("orders/{}{rest}", order.id));
    Dialog { title, action: page(&format!("/{action}")), back: page(""), button, is_final: false }
}

/// What a dialog says of the mail about what it does: whether the customer gets one.
fn mailed(staff: &Staff, template: MailTemplate) -> &'static str {
    if staff.office.mails.sends(template) { ", and gets a mail about it" } else { ". No mail is sent about it" }
}
