use domain::orders::{Order, OrderLine};
use domain::products::{ProductId, ProductName, Sku};
use domain::{Currency, Money, Quantity};
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i64,
    pub product_id: Uuid,
    pub sku: Option<String>,
    pub name: String,
    pub unit_price: i64,
    pub quantity: i64,
    pub line_total: i64,
    /// What promotions take off it. `None` for an older line.
    pub discount: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The lines of an order, numbered from 1.
    pub fn of(order: &Order) -> impl Iterator<Item = Self> {
        order.line_amounts().zip(1..).map(|((line, amounts), line_no)| Self {
            order_id: order.id.0,
            line_no,
            product_id: line.product_id.0,
            sku: line.sku.as_ref().map(|sku| sku.as_str().to_owned()),
            name: line.name.as_str().to_owned(),
            unit_price: line.unit_price.amount,
            quantity: line.quantity.get(),
            line_total: line.line_total.amount,
            discount: Some(amounts.discount),
        })
    }

    /// The line, of an order in `currency`.
    pub fn priced_in(self, currency: Currency) -> OrderLine {
        OrderLine {
            product_id: ProductId(self.product_id),
            sku: self.sku.map(Sku::from_trusted),
            name: ProductName::from_trusted(self.name),
            unit_price: Money { amount: self.unit_price, currency },
            quantity: Quantity::from_trusted(self.quantity),
            line_total: Money { amount: self.line_total, currency },
        }
    }
}
