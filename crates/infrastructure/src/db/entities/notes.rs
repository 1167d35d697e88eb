use domain::StoreError;
use domain::customers::CustomerId;
use domain::notes::{NoteId, NoteOwner, NoteText, StaffNote};
use domain::orders::OrderId;
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_kind: String,
    pub owner_id: Uuid,
    pub author_id: Uuid,
    pub text: String,
    pub created_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&StaffNote> for Model {
    fn from(note: &StaffNote) -> Self {
        Self {
            id: note.id.0,
            owner_kind: note.owner.kind().to_owned(),
            owner_id: note.owner.id(),
            author_id: note.author_id,
            text: note.text.as_str().to_owned(),
            created_at: micros(note.at),
        }
    }
}

impl TryFrom<Model> for StaffNote {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let owner = match row.owner_kind.as_str() {
            "order" => NoteOwner::Order(OrderId(row.owner_id)),
            "customer" => NoteOwner::Customer(CustomerId(row.owner_id)),
            other => return Err(StoreError::corrupt(format!("a note is on {other:?}"))),
        };
        Ok(Self {
            id: NoteId(row.id),
            owner,
            author_id: row.author_id,
            text: NoteText::from_trusted(row.text),
            at: time(row.created_at)?,
        })
    }
}
