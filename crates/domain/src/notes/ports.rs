use async_trait::async_trait;

use super::{NoteId, NoteOwner, ShownNote, StaffNote};
use crate::{Page, PageRequest, StoreError};

/// Staff notes within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait NoteRepository: Send {
    /// Inserts a note. Its owner is locked.
    async fn insert(&mut self, note: &StaffNote) -> Result<(), StoreError>;

    /// The note of an owner. Nothing is locked: a note never changes.
    async fn get(&mut self, owner: NoteOwner, id: NoteId) -> Result<Option<ShownNote>, StoreError>;

    /// Deletes a note. Returns whether it was there.
    async fn delete(&mut self, id: NoteId) -> Result<bool, StoreError>;
}

/// Reads of staff notes, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait NoteQueries: Send + Sync {
    /// The note of an owner with this id; `None` if the owner has no such one.
    async fn get(&self, owner: NoteOwner, id: NoteId) -> Result<Option<ShownNote>, StoreError>;

    /// A page of the notes of an owner, newest first.
    async fn list(&self, owner: NoteOwner, page: &PageRequest) -> Result<Page<ShownNote>, StoreError>;
}
