use domain::StoreError;
use domain::imports::{FileRow, ImportId, ImportRow, RowError, RowStatus};
use domain::products::ProductId;
use sea_orm::entity::prelude::*;

use super::imports::{json, of_json};
use crate::db::convert::stored;
use crate::db::engine::{Error, FromRow, Row};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "import_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i64,
    pub status: String,
    pub data: String,
    pub problem: Option<String>,
    pub before_import: Option<String>,
    pub resource_id: Option<Uuid>,
    pub notes: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A row that was just received.
    pub fn received(id: ImportId, row: &FileRow) -> Result<Self, StoreError> {
        Ok(Self {
            import_id: id.0,
            line: line(row.line),
            status: RowStatus::Ok.as_str().to_owned(),
            data: json(&row.cells)?,
            problem: None,
            before_import: None,
            resource_id: None,
            notes: None,
        })
    }
}

/// How long a row is.
pub struct Size {
    /// Its line.
    pub line: i64,
    /// The bytes of its cells.
    pub bytes: u64,
}

impl FromRow for Size {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { line: row.at(0)?, bytes: row.at::<i64>(1)?.unsigned_abs() })
    }
}

/// The number of a line as it is stored.
pub fn line(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

/// Refused fields as they are stored.
pub fn problem(errors: &[RowError]) -> Result<String, StoreError> {
    json(&errors.iter().map(|error| (&error.field, &error.code, &error.message)).collect::<Vec<_>>())
}

impl TryFrom<Model> for ImportRow {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let errors: Vec<(String, String, String)> = row.problem.as_deref().map_or(Ok(Vec::new()), of_json)?;
        let error = |(field, code, message)| RowError { field, code, message };
        Ok(Self {
            row: FileRow { line: row.line.unsigned_abs(), cells: of_json(&row.data)? },
            status: stored("status of a row", RowStatus::parse(&row.status))?,
            errors: errors.into_iter().map(error).collect(),
            notes: row.notes.as_deref().map_or(Ok(Vec::new()), of_json)?,
            product: row.resource_id.map(ProductId),
            before: row.before_import.as_deref().map(of_json).transpose()?,
        })
    }
}
