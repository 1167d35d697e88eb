use domain::slugs::{Slug, SlugKind, SlugOwner};
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "slugs")]
pub struct Model {
    /// See [`SlugKind::as_str`], or [`UNMADE`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    pub resource_id: Uuid,
    pub is_current: bool,
}

/// The kind of rows that name products whose slug is still to be made. Their `slug` is the id in hexadecimal digits.
pub const UNMADE: &str = "unmade";

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A current slug.
    pub fn of(SlugOwner { kind, id }: SlugOwner, slug: &Slug) -> Self {
        Self { kind: kind.as_str().to_owned(), slug: slug.as_str().to_owned(), resource_id: id, is_current: true }
    }
}

/// The key of a row.
pub fn key(kind: SlugKind, slug: &Slug) -> (String, String) {
    (kind.as_str().to_owned(), slug.as_str().to_owned())
}
