use domain::StoreError;
use domain::orders::{Carrier, EditedPart, HistoryEntry, Note, Order, OrderStatus, Shipment, TrackingNumber};
use sea_orm::entity::prelude::*;

use super::orders;
use crate::db::convert::{date, date_text, micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "order_history")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub status: String,
    pub at: i64,
    pub note: Option<String>,
    pub old_carrier: Option<String>,
    pub old_tracking_number: Option<String>,
    pub old_expected_delivery: Option<String>,
    /// What an edit changed, with blanks between. `None` if it is no edit.
    pub edited: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "orders::Entity", from = "Column::OrderId", to = "orders::Column::Id")]
    Order,
}

impl Related<orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Order.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The step that led to `order`, whose version is its place in the history.
    pub fn of(order: &Order, entry: &HistoryEntry) -> Self {
        let replaced = entry.replaced.as_ref();
        Self {
            order_id: order.id.0,
            sequence: order.version.0,
            status: entry.status.as_str().to_owned(),
            at: micros(entry.at),
            note: entry.note.as_ref().map(|note| note.as_str().to_owned()),
            old_carrier: replaced.and_then(|old| old.carrier.as_ref()).map(|carrier| carrier.as_str().to_owned()),
            old_tracking_number: replaced
                .and_then(|old| old.tracking_number.as_ref())
                .map(|number| number.as_str().to_owned()),
            old_expected_delivery: replaced.map(|old| date_text(old.expected_delivery)),
            edited: (!entry.edited.is_empty()).then(|| words(&entry.edited)),
        }
    }
}

impl TryFrom<Model> for HistoryEntry {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let expected_delivery = row.old_expected_delivery.as_deref().map(date).transpose()?;
        let replaced = expected_delivery.map(|expected_delivery| Shipment {
            carrier: row.old_carrier.map(Carrier::from_trusted),
            tracking_number: row.old_tracking_number.map(TrackingNumber::from_trusted),
            expected_delivery,
        });
        Ok(Self {
            status: stored("order status", OrderStatus::parse(&row.status))?,
            at: time(row.at)?,
            note: row.note.map(Note::from_trusted),
            replaced,
            edited: parts(row.edited.as_deref().unwrap_or_default())?,
        })
    }
}

fn words(parts: &[EditedPart]) -> String {
    parts.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(" ")
}

fn parts(words: &str) -> Result<Vec<EditedPart>, StoreError> {
    words.split_whitespace().map(|word| stored("edited part", EditedPart::parse(word))).collect()
}
