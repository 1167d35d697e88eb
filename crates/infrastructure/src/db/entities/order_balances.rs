use domain::customers::CustomerId;
use domain::orders::{OrderBalance, OrderId, OrderPaymentStatus, PaymentTerms};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "order_balances")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub terms: String,
    /// Not there in rows from before the column.
    pub placed_terms: Option<String>,
    pub status: String,
    pub pay_by: Option<i64>,
    pub total: i64,
    pub cancelled: i64,
    pub authorised: i64,
    pub captured: i64,
    pub refunded: i64,
    pub disputed: i64,
    pub updated_at: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&OrderBalance> for Model {
    fn from(balance: &OrderBalance) -> Self {
        Self {
            order_id: balance.order_id.0,
            customer_id: balance.customer_id.0,
            terms: balance.terms.as_str().to_owned(),
            placed_terms: balance.placed_terms.map(|terms| terms.as_str().to_owned()),
            status: balance.status.as_str().to_owned(),
            pay_by: balance.pay_by.map(micros),
            total: balance.total,
            cancelled: balance.cancelled,
            authorised: balance.authorised,
            captured: balance.captured,
            refunded: balance.refunded,
            disputed: balance.disputed,
            updated_at: micros(balance.updated_at),
            version: balance.version.0,
        }
    }
}

impl TryFrom<Model> for OrderBalance {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let terms = stored("payment terms", PaymentTerms::parse(&row.terms))?;
        let placed = row.placed_terms.map(|placed| stored("payment terms", PaymentTerms::parse(&placed)));
        // Only cash has ever changed them.
        let unchanged = (terms != PaymentTerms::OnDelivery).then_some(terms);
        Ok(Self {
            order_id: OrderId(row.order_id),
            customer_id: CustomerId(row.customer_id),
            terms,
            placed_terms: placed.transpose()?.or(unchanged),
            status: stored("payment status", OrderPaymentStatus::parse(&row.status))?,
            pay_by: row.pay_by.map(time).transpose()?,
            total: row.total,
            cancelled: row.cancelled,
            authorised: row.authorised,
            captured: row.captured,
            refunded: row.refunded,
            disputed: row.disputed,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
