use domain::Price;
use domain::pricing::{Tier, TierCost, TierStep};
use domain::shipping_methods::ShippingMethod;
use sea_orm::entity::prelude::*;

use super::shipping_methods;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "shipping_tiers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub method_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_value: i64,
    pub amount: Option<i64>,
    pub per: Option<i64>,
    pub per_amount: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "shipping_methods::Entity", from = "Column::MethodId", to = "shipping_methods::Column::Id")]
    Method,
}

impl Related<shipping_methods::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Method.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The tiers of a shipping method.
    pub fn of(method: &ShippingMethod) -> impl Iterator<Item = Self> {
        method.details.tiers.as_slice().iter().map(|tier| {
            let step = tier.cost.and_then(|cost| cost.step);
            Self {
                method_id: method.id.0,
                from_value: tier.from,
                amount: tier.cost.map(|cost| cost.amount.amount()),
                per: step.map(|step| step.per),
                per_amount: step.map(|step| step.amount.amount()),
            }
        })
    }
}

impl From<Model> for Tier {
    fn from(row: Model) -> Self {
        let step =
            row.per.zip(row.per_amount).map(|(per, amount)| TierStep { per, amount: Price::from_trusted(amount) });
        let cost = row.amount.map(|amount| TierCost { amount: Price::from_trusted(amount), step });
        Self { from: row.from_value, cost }
    }
}
