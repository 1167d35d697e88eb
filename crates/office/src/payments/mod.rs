//! Payments of an order.

pub(crate) mod capture;
pub(crate) mod list;
pub(crate) mod receive;
pub(crate) mod resolve;
pub(crate) mod sync;
pub(crate) mod void;

use application::Error;
use domain::access::Noun::Orders;
use domain::access::Scope::Read;
use domain::orders::{OrderId, OrderScope};
use domain::payments::{Finding, Payment, PaymentId};

use crate::orders::list::{done, with_filter};
use crate::request::Staff;

pub(crate) const SECTION: &str = "Orders";

/// The list, for those who may not open orders.
const LIST_PAGE: &str = "payments";

/// The payment of the path.
async fn asked(staff: &Staff) -> Result<Payment, Error> {
    payment(staff, staff.id::<PaymentId>("payment")?).await
}

async fn payment(staff: &Staff, id: PaymentId) -> Result<Payment, Error> {
    staff.office.queries.payments.get(id, OrderScope::All).await?.ok_or(Error::NotFound("payment"))
}

/// Where the form of an action leads that is not sent: to the order, or to the list for those who may not open orders.
pub(crate) fn back_from(staff: &Staff, order_id: OrderId) -> String {
    if staff.may(Read(Orders)) { with_filter(staff, &format!("orders/{order_id}")) } else { LIST_PAGE.to_owned() }
}

/// The page after an action, which it shows as done.
pub(crate) fn after_it(staff: &Staff, order_id: OrderId, word: &str) -> String {
    if staff.may(Read(Orders)) { done(staff, order_id, word) } else { format!("{LIST_PAGE}?done={word}") }
}

/// What does not add up about a payment, and what can be done about it.
pub(crate) const fn explained(finding: Finding) -> &'static str {
    match finding {
        Finding::PaymentOfAnotherOrder => {
            "What the provider says is about another order, amount or currency. Look it up on the pages of the provider."
        }
        Finding::Contradiction => {
            "What the provider says contradicts itself: more went back than came in. Look it up on its own pages, then \
             ask it again."
        }
        Finding::Overpaid => "More came in than the order owes. Refund what is too much.",
        Finding::UnknownOperation => {
            "Nobody can tell whether the provider did what it was asked. Look it up on its own pages, then record the \
             outcome."
        }
    }
}
