use domain::customers::CustomerId;
use domain::orders::OrderId;
use domain::payments::{
    CaptureMode, Finding, MethodLabel, MethodName, Payment, PaymentId, PaymentKind, PaymentStatus, ProviderError,
    ProviderName, Reference, ReturnUrl,
};
use domain::{Currency, StoreError, Version};
use sea_orm::entity::prelude::*;

use super::Unique;
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub provider: String,
    pub kind: String,
    pub provider_reference: Option<String>,
    pub status: String,
    /// The order while the payment is open. Unique.
    pub open_order_id: Option<Uuid>,
    pub capture: String,
    pub method: Option<String>,
    pub return_url: Option<String>,
    pub method_label: Option<String>,
    pub currency: String,
    pub amount: i64,
    pub authorised: i64,
    pub captured: i64,
    pub refunded: i64,
    pub capture_pending: i64,
    pub refund_pending: i64,
    pub disputed: i64,
    pub authorised_until: Option<i64>,
    pub expiry_announced: Option<i64>,
    pub last_error_code: Option<String>,
    pub last_error_text: Option<String>,
    pub finding: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_REFERENCE: Unique = Unique {
    constraint: "payments_reference_unique",
    column: "payments.provider_reference, payments.provider",
    key: Payment::UNIQUE_REFERENCE,
};

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Payment> for Model {
    fn from(payment: &Payment) -> Self {
        let (last_error_code, last_error_text) = error_texts(payment.last_error.as_ref());
        Self {
            id: payment.id.0,
            order_id: payment.order_id.0,
            customer_id: payment.customer_id.0,
            provider: payment.provider.as_str().to_owned(),
            kind: payment.kind.as_str().to_owned(),
            provider_reference: payment.reference.as_ref().map(ToString::to_string),
            status: payment.status.as_str().to_owned(),
            open_order_id: payment.is_open().then_some(payment.order_id.0),
            capture: payment.capture.as_str().to_owned(),
            method: payment.method.as_ref().map(ToString::to_string),
            return_url: payment.return_url.as_ref().map(ToString::to_string),
            method_label: payment.method_label.as_ref().map(ToString::to_string),
            currency: payment.currency.code().to_owned(),
            amount: payment.amount,
            authorised: payment.authorised,
            captured: payment.captured,
            refunded: payment.refunded,
            capture_pending: payment.capture_pending,
            refund_pending: payment.refund_pending,
            disputed: payment.disputed,
            authorised_until: payment.authorised_until.map(micros),
            expiry_announced: payment.expiry_announced.map(micros),
            last_error_code,
            last_error_text,
            finding: payment.finding.map(|finding| finding.as_str().to_owned()),
            created_at: micros(payment.created_at),
            updated_at: micros(payment.updated_at),
            version: payment.version.0,
        }
    }
}

impl TryFrom<Model> for Payment {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let finding = row.finding.as_deref().map(Finding::parse).transpose();
        Ok(Self {
            id: PaymentId(row.id),
            order_id: OrderId(row.order_id),
            customer_id: CustomerId(row.customer_id),
            provider: ProviderName::from_trusted(row.provider),
            kind: stored("kind of a payment", PaymentKind::parse(&row.kind))?,
            reference: row.provider_reference.map(Reference::from_trusted),
            status: stored("status of a payment", PaymentStatus::parse(&row.status))?,
            capture: stored("capture of a payment", CaptureMode::parse(&row.capture))?,
            method: row.method.map(MethodName::from_trusted),
            return_url: row.return_url.map(ReturnUrl::from_trusted),
            method_label: row.method_label.map(MethodLabel::from_trusted),
            currency: stored("currency", Currency::parse(&row.currency))?,
            amount: row.amount,
            authorised: row.authorised,
            captured: row.captured,
            refunded: row.refunded,
            capture_pending: row.capture_pending,
            refund_pending: row.refund_pending,
            disputed: row.disputed,
            authorised_until: row.authorised_until.map(time).transpose()?,
            expiry_announced: row.expiry_announced.map(time).transpose()?,
            last_error: error_of(row.last_error_code, row.last_error_text),
            finding: stored("finding", finding)?,
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}

/// Code and text of what a provider said, as they are stored.
pub(super) fn error_texts(error: Option<&ProviderError>) -> (Option<String>, Option<String>) {
    error.map(|error| (error.code.as_str().to_owned(), error.text.as_str().to_owned())).unzip()
}

/// What a provider said. An erasure empties its text.
pub(super) fn error_of(code: Option<String>, text: Option<String>) -> Option<ProviderError> {
    code.map(|code| ProviderError::new(&code, &text.unwrap_or_default()))
}
