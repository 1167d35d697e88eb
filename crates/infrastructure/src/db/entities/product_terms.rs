use domain::assignments::{Assigned, Has};
use domain::products::ProductId;
use sea_orm::entity::prelude::*;

use super::terms;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
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
    /// The terms that a product has.
    pub fn of(id: ProductId, assigned: &Assigned) -> impl Iterator<Item = Self> {
        assigned.iter().flat_map(move |(attribute, has)| {
            let terms = if let Has::Terms(terms) = has { terms.as_slice() } else { &[] };
            (0..).zip(terms).map(move |(position, term)| Self {
                product_id: id.0,
                term_id: term.0,
                position,
                inherited: assigned.is_inherited(attribute),
            })
        })
    }
}
