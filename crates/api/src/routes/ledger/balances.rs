use std::sync::Arc;

use domain::payments::{AccountBalance, LedgerFilter};
use serde::Serialize;

use super::TAG;
use crate::context::State;
use crate::extract::{FromQuery, Params, Query, Staff, time_parameter};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Money, NoStore};
use crate::schema::{Apiv2Schema, ResponseBody};

/// Of which time balances are.
pub(crate) struct ListQuery(LedgerFilter);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let from = params.optional("from", "Only of transfers written at this time or later.", time_parameter);
        let to = params.optional("to", "Only of transfers written before this time.", time_parameter);
        Some(Self(LedgerFilter { from: from?, to: to?, ..LedgerFilter::default() }))
    }
}

/// What all accounts of the ledger come to.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "LedgerBalances")]
pub(crate) struct BalancesBody {
    items: Vec<BalanceBody>,
}

/// What an account of the ledger comes to.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "AccountBalance")]
struct BalanceBody {
    account: String,
    /// What it got.
    debit: Money,
    /// What it gave.
    credit: Money,
    /// Debits minus credits.
    balance: Money,
}

impl From<&AccountBalance> for BalanceBody {
    fn from(balance: &AccountBalance) -> Self {
        let money = |amount| domain::Money { amount, currency: balance.currency }.into();
        Self {
            account: balance.account.to_string(),
            debit: money(balance.debit),
            credit: money(balance.credit),
            balance: money(balance.debit - balance.credit),
        }
    }
}

pub(crate) const BALANCES: Operation = Operation::new(
    TAG,
    "showLedgerBalances",
    "Show what each account of the ledger comes to",
    "By name, and only accounts with a transfer. All balances add up to 0.",
);

pub(crate) async fn balances(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<NoStore<BalancesBody>, Problem> {
    let balances = state.queries.payments.ledger_balances(&query.0.0).await?;
    Ok(NoStore(BalancesBody { items: balances.iter().map(BalanceBody::from).collect() }))
}

impl ResponseBody for BalancesBody {
    fn example() -> Self {
        use domain::payments::LedgerAccount;
        let currency = crate::example::shop().currency;
        let balance = AccountBalance { account: LedgerAccount::Customer, debit: 0, credit: 3998, currency };
        Self { items: vec![BalanceBody::from(&balance)] }
    }
}
