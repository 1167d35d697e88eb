//! The books of the test provider. They are no part of the shop: nothing else reads them, and nothing here is in a
//! transaction with the shop's own rows.

use domain::payments::{CaptureMode, NewPayment, Reference};
use domain::{Currency, StoreError, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::convert::stored;
use super::engine::Executor as _;
use super::entities::test_payments::{Column, Entity, Model};
use super::pools::Pools;

/// A payment of the test provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestPayment {
    /// How the provider calls it.
    pub reference: String,
    /// The payment of the shop that it is about.
    pub payment_id: Uuid,
    /// The order of that payment.
    pub order_id: Uuid,
    /// Of `amount`.
    pub currency: Currency,
    /// What is to be paid, in minor units.
    pub amount: i64,
    /// Whether money is taken at once.
    pub capture: CaptureMode,
    /// The name of what it does.
    pub script: String,
    /// What the provider was asked, as JSON.
    pub journal: String,
    /// Microseconds since 1970.
    pub created_at: i64,
    /// How often it was written.
    pub version: i64,
}

impl TestPayment {
    /// A payment that nobody has written yet.
    pub(crate) fn new(reference: &Reference, new: &NewPayment, script: &str, now: i64) -> Self {
        Self {
            reference: reference.as_str().to_owned(),
            payment_id: new.payment_id.0,
            order_id: new.order_id.0,
            currency: new.amount.currency,
            amount: new.amount.amount,
            capture: new.capture,
            script: script.to_owned(),
            journal: "[]".to_owned(),
            created_at: now,
            version: 0,
        }
    }
}

/// Where the test provider keeps its payments.
#[derive(Debug, Clone)]
pub struct TestPayments(pub(super) Pools);

impl TestPayments {
    /// The payment with this reference.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn get(&self, reference: &str) -> Result<Option<TestPayment>, StoreError> {
        let row = self.0.write.one(Entity::find_by_id(reference)).await?;
        row.map(TestPayment::try_from).transpose()
    }

    /// Writes a new payment. `false` if there is one with this reference.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn insert(&self, payment: &TestPayment) -> Result<bool, StoreError> {
        let row = Model::from(TestPayment { version: 1, ..payment.clone() });
        match self.0.write.execute(&Entity::insert(row.into_active_model())).await {
            Ok(_) => Ok(true),
            Err(cause) if cause.is_duplicate() => Ok(false),
            Err(cause) => Err(cause.into()),
        }
    }

    /// Writes the journal of a payment. `false` if somebody has written it since it was read.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn replace(&self, payment: &TestPayment) -> Result<bool, StoreError> {
        let update = Entity::update_many()
            .col_expr(Column::Journal, Expr::val(payment.journal.as_str()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Reference.eq(payment.reference.as_str()))
            .filter(Column::Version.eq(payment.version));
        Ok(self.0.write.execute(&update).await? == 1)
    }
}

impl From<TestPayment> for Model {
    fn from(payment: TestPayment) -> Self {
        Self {
            reference: payment.reference,
            payment_id: payment.payment_id,
            order_id: payment.order_id,
            currency: payment.currency.code().to_owned(),
            amount: payment.amount,
            capture: payment.capture.as_str().to_owned(),
            script: payment.script,
            journal: payment.journal,
            created_at: payment.created_at,
            version: payment.version,
        }
    }
}

impl TryFrom<Model> for TestPayment {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            reference: row.reference,
            payment_id: row.payment_id,
            order_id: row.order_id,
            currency: stored("currency", Currency::parse(&row.currency))?,
            amount: row.amount,
            capture: stored("mode of capture", CaptureMode::parse(&row.capture))?,
            script: row.script,
            journal: row.journal,
            created_at: row.created_at,
            version: row.version,
        })
    }
}
