//! Mails that are queued, or were, for staff.

mod body;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::access::Noun::Customers;
use domain::access::Scope::Read;
use domain::customers::CustomerId;
use domain::mails::{MailFilter, Message, MessageId, MessageStatus};
use domain::orders::OrderId;

use self::body::MailBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, id_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Mails", description: "What the shop writes to customers, and to those who run it. For staff." };

/// Which mails are wanted.
pub(crate) struct ListQuery {
    filter: MailFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those of this status.", MessageStatus::parse);
        let order_id =
            params.optional("order_id", "Only those about this order, and its refunds.", id_parameter(OrderId));
        let customer_id =
            params.optional("customer_id", "Only those about this customer, and its orders.", id_parameter(CustomerId));
        let page = params.page("mails");
        let filter = MailFilter { status: status?, order_id: order_id?, customer_id: customer_id? };
        Some(Self { filter, page: page? })
    }
}

/// A mail, with its address for those who may see customers.
fn shown(staff: &Staff, message: &Message) -> MailBody {
    let body = MailBody::from(message);
    if staff.may(Read(Customers)) { body } else { body.without_address() }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listMails",
    "List mails that are queued or were sent, newest first",
    "Page by page. A mail is made when it is sent, so that none has a text here. What is done is kept for 30 days. \
     `recipient` is only seen with `customers:read`.",
);

pub(crate) async fn list(staff: Staff, state: Arc<State>, query: Query<ListQuery>) -> Result<List<MailBody>, Problem> {
    let page = state.queries.mails.list(&query.0.filter, &query.0.page).await?;
    Ok(List::new("mails", page, |message| shown(&staff, &message)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showMail", "Show a mail", "What became of it, and what the mail server said to the last try.");

pub(crate) async fn show(staff: Staff, state: Arc<State>, id: Path<MessageId>) -> Result<Resource<MailBody>, Problem> {
    let message = state.queries.mails.get(id.0).await?.ok_or(Error::NotFound("mail"))?;
    Ok(Resource(shown(&staff, &message)))
}
