//! The ledger: every amount that moved, from one account to another.

pub(super) mod balances;
mod body;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::orders::{OrderId, OrderScope};
use domain::payments::{LedgerAccount, LedgerFilter, Transfer};

use self::body::TransferBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff, time_parameter};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{CsvOrList, List};

pub(super) const TAG: &Tag = &Tag {
    name: "Ledger",
    description: "Every amount that moved, from one account to another. Nothing in it changes.",
};

/// Which transfers are wanted.
pub(crate) struct ListQuery {
    filter: LedgerFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let account = params.optional(
            "account",
            "Only those from or to this account: `customer`, `bank`, `loss:dispute`, or `clearing:` or `disputed:` and \
             the name of a provider.",
            LedgerAccount::parse,
        );
        let from = params.optional("from", "Only those written at this time or later.", time_parameter);
        let to = params.optional("to", "Only those written before this time.", time_parameter);
        let page = params.page(LIST_OF_ALL);
        Some(Self { filter: LedgerFilter { order_id: None, account: account?, from: from?, to: to? }, page: page? })
    }
}

const LIST_OF_ALL: &str = "ledger";
const LIST_OF_ORDER: &str = "ledger of an order";

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listLedger",
    "List the transfers of the ledger, oldest first",
    "Page by page. With `Accept: text/csv` a page is a table, and the header `Link` names the next one.",
);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<CsvOrList<TransferBody>, Problem> {
    let found = state.queries.payments.ledger(&query.0.filter, &query.0.page).await?;
    Ok(CsvOrList(List::new(LIST_OF_ALL, found, |transfer: Transfer| TransferBody::from(&transfer))))
}

/// A page of the transfers of an order.
pub(crate) struct Paged(PageRequest);

impl FromQuery for Paged {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page(LIST_OF_ORDER).map(Self)
    }
}

pub(crate) const OF_ORDER: Operation = Operation::new(
    TAG,
    "listLedgerOfOrder",
    "List the transfers of an order, oldest first",
    "Page by page. With `Accept: text/csv` a page is a table.",
);

pub(crate) async fn of_order(
    _staff: Staff,
    state: Arc<State>,
    id: Path<OrderId>,
    page: Query<Paged>,
) -> Result<CsvOrList<TransferBody>, Problem> {
    let filter = LedgerFilter { order_id: Some(id.0), ..LedgerFilter::default() };
    let found = state.queries.payments.ledger(&filter, &page.0.0).await?;
    if found.items.is_empty() {
        state.queries.orders.get(id.0, OrderScope::All).await?.ok_or(Error::NotFound("order"))?;
    }
    Ok(CsvOrList(List::new(LIST_OF_ORDER, found, |transfer: Transfer| TransferBody::from(&transfer))))
}
