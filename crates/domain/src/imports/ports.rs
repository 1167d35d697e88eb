use async_trait::async_trait;

use super::{FileRow, Import, ImportFilter, ImportId, NextRows, PartLimit, RowStatus};
use crate::assignments::ShownAttribute;
use crate::attributes::AttributeCode;
use crate::groups::{Group, GroupId, Member};
use crate::pages::PageTexts;
use crate::products::{Barcode, Product, ProductId, Sku};
use crate::slugs::Slug;
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// By what products of a file are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Products with these ids.
    pub ids: Vec<ProductId>,
    /// Products with these SKUs.
    pub skus: Vec<Sku>,
    /// Names in addresses.
    pub slugs: Vec<Slug>,
    /// Products with these barcodes.
    pub barcodes: Vec<Barcode>,
}

/// A product with all that files say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeProduct {
    /// Its own fields, such as price and status.
    pub product: Product,
    /// Its units on hand.
    pub on_hand: i64,
    /// Its own texts.
    pub page: PageTexts,
    /// What it has of attributes, what it has from its group included.
    pub attributes: Vec<ShownAttribute>,
    /// Its place in a group.
    pub member: Option<Member>,
}

/// A group with all that files say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeGroup {
    /// Its name, slug and description.
    pub group: Group,
    /// What its page says besides name and description.
    pub page: PageTexts,
    /// Its assigned attributes.
    pub attributes: Vec<ShownAttribute>,
    /// The codes of its options, in order.
    pub options: Vec<AttributeCode>,
}

/// A refused field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The column, or `line` for the whole row.
    pub field: String,
    /// The rule, such as `required`.
    pub code: String,
    /// What is allowed.
    pub message: String,
}

/// A row of the file, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Its line, with its cells.
    pub row: FileRow,
    /// The result of the row.
    pub status: RowStatus,
    /// Why it is refused.
    pub errors: Vec<RowError>,
    /// What is said of it that is no refusal: what is left out, or read in another way than it stands there.
    pub notes: Vec<String>,
    /// The product that it made or changed.
    pub product: Option<ProductId>,
    /// What the fields that it changed were: names of plain columns, with cells.
    pub before: Option<Vec<(String, String)>>,
}

/// What a written row has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The line in the file, from 1.
    pub line: u64,
    /// The product that the row made or changed.
    pub product: ProductId,
    /// What the fields that it changed were; `None` for a product that was made.
    pub before: Option<Vec<(String, String)>>,
}

/// Imports within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ImportRepository: Send {
    /// Inserts a new import. Its rows are added afterwards.
    async fn insert(&mut self, import: &Import) -> Result<(), StoreError>;

    /// The current import, locked until the transaction ends.
    async fn lock(&mut self, id: ImportId) -> Result<Option<Import>, StoreError>;

    /// The oldest import that is being checked or written, locked until the transaction ends.
    async fn lock_oldest(&mut self) -> Result<Option<Import>, StoreError>;

    /// The oldest import that is [at rest](Import::AT_REST) since before a time and has rows, locked until the transaction
    /// ends.
    async fn lock_at_rest(&mut self, before: UtcDateTime) -> Result<Option<Import>, StoreError>;

    /// Removes the first rows of a locked import, `limit` at most. Returns how many.
    async fn remove_rows(&mut self, id: ImportId, limit: u64) -> Result<u64, StoreError>;

    /// Writes a locked import.
    async fn update(&mut self, import: &Import) -> Result<(), StoreError>;

    /// Adds rows of a locked import.
    async fn add_rows(&mut self, id: ImportId, rows: &[FileRow]) -> Result<(), StoreError>;

    /// Takes back what is said of all rows of a locked import.
    async fn renew_rows(&mut self, id: ImportId) -> Result<(), StoreError>;

    /// Refuses rows of a locked import.
    async fn refuse_rows(&mut self, id: ImportId, rows: &[(u64, Vec<RowError>)]) -> Result<(), StoreError>;

    /// Says something of rows of a locked import, in place of what was said of them.
    async fn note_rows(&mut self, id: ImportId, rows: &[(u64, Vec<String>)]) -> Result<(), StoreError>;

    /// Says that the rows between two lines, the first left out, are written, but for those that are refused. Returns how
    /// many they are.
    async fn finish_rows(&mut self, id: ImportId, lines: (u64, u64), written: &[Written]) -> Result<u64, StoreError>;
}

/// The codes of the attributes for which a file may have columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeCodes {
    /// Of all attributes, in order of their position.
    pub all: Vec<AttributeCode>,
    /// Of those that are options of any group, in the same order.
    pub options: Vec<AttributeCode>,
}

/// Reads of many products and groups at once, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ImportQueries: Send + Sync {
    /// The products that are sought, each once, in no particular order. What is unknown is skipped.
    async fn products(&self, sought: &Sought) -> Result<Vec<WholeProduct>, StoreError>;

    /// The next `limit` products after one, in order of id.
    async fn products_after(&self, after: Option<ProductId>, limit: u64) -> Result<Vec<WholeProduct>, StoreError>;

    /// The groups with these ids or slugs, each once, in no particular order. What is unknown is skipped.
    async fn groups(&self, ids: &[GroupId], slugs: &[Slug]) -> Result<Vec<WholeGroup>, StoreError>;

    /// The attributes for which a file may have columns.
    async fn codes(&self) -> Result<AttributeCodes, StoreError>;

    /// The import with this id; `None` if there is none.
    async fn get(&self, id: ImportId) -> Result<Option<Import>, StoreError>;

    /// A page of imports, the newest first.
    async fn list(&self, filter: ImportFilter, page: &PageRequest) -> Result<Page<Import>, StoreError>;

    /// Up to `limit` rows of an import after a line, in order. With `status`, only rows of that.
    async fn rows(
        &self,
        id: ImportId,
        status: Option<RowStatus>,
        after: u64,
        limit: u64,
    ) -> Result<Vec<ImportRow>, StoreError>;

    /// The next rows of an import after a line, as many as a part may have.
    async fn next_rows(&self, id: ImportId, after: u64, most: PartLimit) -> Result<NextRows, StoreError>;

    /// Whether any import may wait for a server.
    async fn is_any_open(&self) -> Result<bool, StoreError>;
}
