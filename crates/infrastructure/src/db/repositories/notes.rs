use std::collections::HashMap;

use async_trait::async_trait;
use domain::notes::{NoteId, NoteOwner, NoteQueries, NoteRepository, ShownNote, StaffNote};
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::db::engine::{Error, Executor, FromRow, Row, Statement};
use crate::db::entities::notes::{Column, Entity, Model};

#[async_trait]
impl NoteRepository for DbTx {
    async fn insert(&mut self, note: &StaffNote) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(note)]).await?)
    }

    async fn get(&mut self, owner: NoteOwner, id: NoteId) -> Result<Option<ShownNote>, StoreError> {
        get(&self.transaction, owner, id).await
    }

    async fn delete(&mut self, id: NoteId) -> Result<bool, StoreError> {
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await? > 0)
    }
}

#[async_trait]
impl NoteQueries for DbQueries {
    async fn get(&self, owner: NoteOwner, id: NoteId) -> Result<Option<ShownNote>, StoreError> {
        get(&self.read, owner, id).await
    }

    async fn list(&self, owner: NoteOwner, page: &PageRequest) -> Result<Page<ShownNote>, StoreError> {
        let find = of(owner)
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.lt(id)))
            .order_by_desc(Column::Id)
            .limit(rows(page));
        let found = Page::cut(self.read.all(find).await?, page.limit, |note: &Model| at_id(note.id));
        Ok(Page { items: shown(&self.read, found.items).await?, next: found.next })
    }
}

/// The notes on something.
fn of(owner: NoteOwner) -> Select<Entity> {
    Entity::find().filter(Column::OwnerKind.eq(owner.kind())).filter(Column::OwnerId.eq(owner.id()))
}

async fn get(db: &impl Executor, owner: NoteOwner, id: NoteId) -> Result<Option<ShownNote>, StoreError> {
    let found = db.one(of(owner).filter(Column::Id.eq(id.0))).await?;
    Ok(shown(db, found.into_iter().collect()).await?.pop())
}

/// Notes with the names of their authors.
async fn shown(db: &impl Executor, notes: Vec<Model>) -> Result<Vec<ShownNote>, StoreError> {
    let names = names(db, notes.iter().map(|note| note.author_id).collect()).await?;
    let shown = |note: Model| {
        let author = names.get(&note.author_id).cloned();
        Ok(ShownNote { note: note.try_into()?, author })
    };
    notes.into_iter().map(shown).collect()
}

/// The names of accounts and keys that are still there.
async fn names(db: &impl Executor, mut ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>, Error> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let marks = vec!["?"; ids.len()].join(", ");
    let sql = format!(
        "SELECT id, username FROM accounts WHERE id IN ({marks})
        UNION ALL SELECT id, name FROM api_keys WHERE id IN ({marks})"
    );
    let values = ids.iter().chain(&ids).map(|id| (*id).into());
    let names: Vec<NameRow> = db.rows(Statement::new(sql, values)).await?;
    Ok(names.into_iter().map(|row| (row.id, row.name)).collect())
}

struct NameRow {
    id: Uuid,
    name: String,
}

impl FromRow for NameRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: row.at(0)?, name: row.at(1)? })
    }
}
