use domain::imports::{
    Bulk, FileFormat, Import, ImportId, ImportKind, ImportOptions, ImportRow, ImportStatus, Reading, RowCounts,
    RowStatus,
};
use domain::products::ProductId;
use domain::{Currency, UtcDateTime, Uuid};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::respond::{Body, Id, Timestamp, Word};
use crate::schema::{self, Apiv2Schema, DefaultSchemaRaw, ResponseBody};

/// A file that makes and changes products, or one change of many.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Import")]
pub(crate) struct ImportBody {
    id: Id,
    /// `products` for a file, `bulk` for one change of many products.
    kind: Word<ImportKind>,
    status: Word<ImportStatus>,
    /// Whose columns the file has; null if its header is refused, and if there is no file.
    format: Option<Word<FileFormat>>,
    columns: Vec<ColumnBody>,
    /// What is changed of which products; null for a file.
    bulk: Option<BulkBody>,
    /// How many rows the file has, as far as it was received.
    rows: i64,
    /// How many rows make products, as of the check.
    creates: i64,
    /// How many rows change products, as of the check.
    updates: i64,
    /// How many rows change nothing, as of the check.
    unchanged: i64,
    /// How many rows are refused.
    failed: i64,
    /// How many rows are written.
    done: i64,
    /// Why it has failed.
    problem: Option<String>,
    /// Who has sent it: the id of an account, or `key:` and that of a key.
    actor: Option<String>,
    /// When its rows went; null while they are kept.
    rows_removed_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// Written out where it stands, and not a schema of its own: a reference in Swagger 2.0 cannot be null.
#[derive(Serialize)]
struct BulkBody {
    select: Sent,
    change: Sent,
}

impl Apiv2Schema for BulkBody {
    fn raw_schema() -> DefaultSchemaRaw {
        let sent = |description| json!({ "type": "object", "additionalProperties": true, "description": description });
        schema::with_schema(json!({
            "type": "object",
            "required": ["change", "select"],
            "properties": {
                "change": sent("What changes of each product, as it was sent."),
                "select": sent("The filter, as it was sent."),
            },
        }))
    }
}

/// An object as it was sent.
#[derive(Serialize)]
struct Sent(Value);

impl From<&Bulk> for BulkBody {
    fn from(bulk: &Bulk) -> Self {
        let change = serde_json::from_str(bulk.change.as_str()).unwrap_or_default();
        Self { select: Sent(json!(bulk.select.parameters())), change: Sent(change) }
    }
}

/// A column of a file.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ImportColumn")]
struct ColumnBody {
    header: String,
    /// What it is read as; null if it is left out.
    field: Option<String>,
}

impl ImportBody {
    pub(in crate::routes) fn of(import: &Import, currency: Currency) -> Self {
        let reading = Reading::new(&import.header, &import.options.manner(currency));
        let format =
            reading.as_ref().ok().filter(|_| import.bulk.is_none()).map(|reading| reading.format().as_str().into());
        let columns = match &reading {
            Ok(reading) => reading.columns(),
            Err(_) => import.header.iter().map(|name| (name.clone(), None)).collect(),
        };
        let RowCounts { creates, updates, unchanged, failed, done } = import.counts;
        Self {
            id: Id(import.id.0),
            kind: import.kind().as_str().into(),
            status: import.status.as_str().into(),
            format,
            columns: columns.into_iter().map(|(header, field)| ColumnBody { header, field }).collect(),
            bulk: import.bulk.as_ref().map(BulkBody::from),
            rows: import.rows,
            creates,
            updates,
            unchanged,
            failed,
            done,
            problem: import.problem.clone(),
            actor: import.actor.map(|actor| actor.to_string()),
            rows_removed_at: import.rows_removed_at.map(Timestamp),
            created_at: Timestamp(import.created_at),
            updated_at: Timestamp(import.updated_at),
            version: import.version.0,
        }
    }
}

impl ResponseBody for ImportBody {
    fn example() -> Self {
        let id = ImportId(Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057));
        let header = vec!["sku".to_owned(), "price".to_owned()];
        let import = Import::new(id, ImportOptions::default(), header, None, UtcDateTime::UNIX_EPOCH);
        let counts = RowCounts { creates: 2, updates: 1, ..RowCounts::default() };
        let import = Import { status: ImportStatus::Checked, rows: 3, counts, ..import };
        let body = Self::of(&import, crate::example::shop().currency);
        Self { actor: Some(id.to_string()), ..body }
    }
}

impl Body for ImportBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// A row of a file.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ImportRow")]
pub(crate) struct RowBody {
    /// Its line in the file.
    line: u64,
    status: Word<RowStatus>,
    data: Cells,
    /// Why it is refused.
    errors: Vec<RowErrorBody>,
    /// What is left out of it, or read in another way than it stands there.
    notes: Vec<String>,
    /// The product that it made or changed.
    resource_id: Option<Id>,
}

/// A refused cell.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ImportRowError")]
struct RowErrorBody {
    /// The column, or `line` for the whole row.
    field: String,
    /// The rule.
    code: String,
    /// What is allowed.
    message: String,
}

/// The cells of a row by the names of their columns.
#[derive(Serialize)]
struct Cells(Map<String, Value>);

impl Apiv2Schema for Cells {
    fn raw_schema() -> DefaultSchemaRaw {
        schema::with_schema(json!({
            "type": "object",
            "description": "The cells by the names of their columns.",
            "additionalProperties": { "type": "string" },
        }))
    }
}

impl RowBody {
    pub(super) fn of(row: ImportRow, header: &[String]) -> Self {
        let cells = header.iter().cloned().zip(row.row.cells.into_iter().map(Value::from));
        let errors = row.errors.into_iter();
        Self {
            line: row.row.line,
            status: row.status.as_str().into(),
            data: Cells(cells.filter(|(name, _)| !name.is_empty()).collect()),
            errors: errors.map(|one| RowErrorBody { field: one.field, code: one.code, message: one.message }).collect(),
            notes: row.notes,
            resource_id: row.product.map(|product| Id(product.0)),
        }
    }
}

impl ResponseBody for RowBody {
    fn example() -> Self {
        use domain::imports::{FileRow, RowError};
        let row = ImportRow {
            row: FileRow { line: 2, cells: vec!["MUG-B".to_owned(), "19.99".to_owned()] },
            status: RowStatus::Failed,
            errors: vec![RowError {
                field: "price".to_owned(),
                code: "format".to_owned(),
                message: "must be whole minor units in digits alone".to_owned(),
            }],
            notes: vec!["a stock below zero is read as 0".to_owned()],
            product: Some(ProductId(Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057))),
            before: None,
        };
        Self::of(row, &["sku".to_owned(), "price".to_owned()])
    }
}
