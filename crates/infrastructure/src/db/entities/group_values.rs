use domain::assignments::Assigned;
use domain::groups::GroupId;
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "group_values")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub attribute_id: Uuid,
    pub text: Option<String>,
    pub number: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The values that a group has.
    pub fn of(id: GroupId, has: &Assigned) -> impl Iterator<Item = Self> {
        has.values().map(move |(attribute, value)| Self {
            group_id: id.0,
            attribute_id: attribute.0,
            text: value.text().map(ToOwned::to_owned),
            number: value.number(),
        })
    }
}
