use domain::products::ProductId;
use domain::terms::TermId;
use sea_orm::entity::prelude::*;

use super::terms;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "product_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub term_id: Uuid,
    /// Its place among those of its attribute.
    pub position: i64,
    /// Whether it is not of the product itself.
    pub inherited: bool,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "terms::Entity", from = "Column::TermId", to = "terms::Column::Id")]
    Term,
}

impl Related<terms::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Term.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A term of a product at a place.
    pub fn new(id: ProductId, term: TermId, place: usize) -> Self {
        let position = i64::try_from(place).unwrap_or(i64::MAX);
        Self { product_id: id.0, term_id: term.0, position, inherited: false }
    }
}
