use domain::assignments::Assigned;
use domain::products::ProductId;
use sea_orm::entity::prelude::*;

use super::attributes;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_values")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub attribute_id: Uuid,
    pub text: Option<String>,
    pub number: Option<i64>,
    /// Whether it is not of the product itself.
    pub inherited: bool,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "attributes::Entity", from = "Column::AttributeId", to = "attributes::Column::Id")]
    Attribute,
}

impl Related<attributes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Attribute.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The values that a product has.
    pub fn of(id: ProductId, assigned: &Assigned) -> impl Iterator<Item = Self> {
        assigned.values().map(move |(attribute, value)| Self {
            product_id: id.0,
            attribute_id: attribute.0,
            text: value.text().map(ToOwned::to_owned),
            number: value.number(),
            inherited: assigned.is_inherited(attribute),
        })
    }
}
