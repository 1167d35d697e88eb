use domain::assignments::Assigned;
use domain::groups::GroupId;
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "group_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub term_id: Uuid,
    /// Its place among those of its attribute.
    pub position: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The terms that a group has.
    pub fn of(id: GroupId, has: &Assigned) -> impl Iterator<Item = Self> {
        has.terms().map(move |(term, place)| Self {
            group_id: id.0,
            term_id: term.0,
            position: i64::try_from(place).unwrap_or(i64::MAX),
        })
    }
}
