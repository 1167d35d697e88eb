use domain::groups::Group;
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "group_options")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub attribute_id: Uuid,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The options of a group.
    pub fn of(group: &Group) -> impl Iterator<Item = Self> {
        (0..).zip(&group.options).map(|(position, attribute)| Self {
            group_id: group.id.0,
            position,
            attribute_id: attribute.0,
        })
    }
}
