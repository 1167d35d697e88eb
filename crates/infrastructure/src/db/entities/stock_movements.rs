use domain::StoreError;
use domain::products::ProductId;
use domain::stock::{Movement, MovementKind, Reason};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "stock_movements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub kind: String,
    pub quantity: i64,
    pub balance: i64,
    pub reference: Option<Uuid>,
    pub reason: Option<String>,
    pub at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Movement> for Model {
    fn from(movement: &Movement) -> Self {
        Self {
            product_id: movement.product_id.0,
            sequence: movement.sequence,
            kind: movement.kind.as_str().to_owned(),
            quantity: movement.quantity,
            balance: movement.balance,
            reference: movement.reference,
            reason: movement.reason.as_ref().map(|reason| reason.as_str().to_owned()),
            at: micros(movement.at),
        }
    }
}

impl TryFrom<Model> for Movement {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            product_id: ProductId(row.product_id),
            sequence: row.sequence,
            kind: stored("kind of movement", MovementKind::parse(&row.kind))?,
            quantity: row.quantity,
            balance: row.balance,
            reference: row.reference,
            reason: row.reason.map(Reason::from_trusted),
            at: time(row.at)?,
        })
    }
}
