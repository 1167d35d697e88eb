use domain::orders::OrderId;
use domain::payments::{LedgerAccount, LedgerCause, Transfer};
use domain::{Currency, StoreError};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_transfers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    pub order_id: Option<Uuid>,
    pub debit: String,
    pub credit: String,
    pub amount: i64,
    pub currency: String,
    pub cause: String,
    pub cause_id: Uuid,
    pub part: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Transfer> for Model {
    fn from(transfer: &Transfer) -> Self {
        Self {
            id: transfer.id,
            at: micros(transfer.at),
            order_id: transfer.order_id.map(|id| id.0),
            debit: transfer.debit.to_string(),
            credit: transfer.credit.to_string(),
            amount: transfer.amount,
            currency: transfer.currency.code().to_owned(),
            cause: transfer.cause.as_str().to_owned(),
            cause_id: transfer.cause_id,
            part: transfer.part,
        }
    }
}

impl TryFrom<Model> for Transfer {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            at: time(row.at)?,
            order_id: row.order_id.map(OrderId),
            debit: account(&row.debit)?,
            credit: account(&row.credit)?,
            amount: row.amount,
            currency: stored("currency", Currency::parse(&row.currency))?,
            cause: stored("cause of a transfer", LedgerCause::parse(&row.cause))?,
            cause_id: row.cause_id,
            part: row.part,
        })
    }
}

/// A stored account.
pub fn account(name: &str) -> Result<LedgerAccount, StoreError> {
    stored("account of the ledger", LedgerAccount::parse(name))
}
