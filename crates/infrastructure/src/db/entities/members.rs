//! The place of a product in its group: columns of its row that only groups read and write.

use domain::groups::{Combination, Group, GroupId, Inherits, Member};
use domain::products::ProductId;
use sea_orm::entity::prelude::*;

use super::Unique;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub group_id: Option<Uuid>,
    /// See [`Combination::key`].
    pub option_key: Option<String>,
    /// See [`Inherits::bits`].
    pub inherits: i64,
}

pub const UNIQUE_COMBINATION: Unique = Unique {
    constraint: "products_combination_unique",
    column: "products.group_id, products.option_key",
    key: Group::UNIQUE_COMBINATION,
};

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The membership; `None` of a single product.
    pub fn member(self) -> Option<Member> {
        Some(Member {
            product_id: ProductId(self.id),
            group_id: GroupId(self.group_id?),
            combination: Combination::from_key(self.option_key.as_deref()),
            inherits: Inherits::from_bits(self.inherits),
        })
    }
}
