use domain::collections::CollectionFilter;
use domain::imports::{Bulk, BulkChange, FileFormat, Import, ImportId, ImportOptions, ImportStatus, RowCounts};
use domain::keys::Principal;
use domain::{DecimalMark, Lease, StoreError, Version};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub status: String,
    pub options: String,
    pub header: String,
    pub selection: Option<String>,
    pub bulk_change: Option<String>,
    pub row_count: i64,
    pub received: bool,
    pub creates: i64,
    pub updates: i64,
    pub unchanged: i64,
    pub failed: i64,
    pub done: i64,
    pub position: i64,
    pub skips_failed: bool,
    pub problem: Option<String>,
    pub actor: Option<String>,
    pub held_by: Option<Uuid>,
    pub held_until: Option<i64>,
    pub rows_removed_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Options as they are stored.
#[derive(Serialize, Deserialize)]
struct Options {
    format: Option<String>,
    decimal: Option<String>,
    mapping: Vec<(String, String)>,
    ignore_unknown: bool,
    stock: bool,
    #[serde(default)]
    fetch_media: bool,
}

impl From<&ImportOptions> for Options {
    fn from(options: &ImportOptions) -> Self {
        Self {
            format: options.format.map(|format| format.as_str().to_owned()),
            decimal: options.decimal.map(|mark| mark.as_str().to_owned()),
            mapping: options.mapping.clone(),
            ignore_unknown: options.ignore_unknown,
            stock: options.stock,
            fetch_media: options.fetch_media,
        }
    }
}

impl TryFrom<Options> for ImportOptions {
    type Error = StoreError;

    fn try_from(row: Options) -> Result<Self, StoreError> {
        let format = row.format.map(|format| stored("format of an import", FileFormat::parse(&format))).transpose()?;
        let decimal =
            row.decimal.map(|mark| stored("decimal mark of an import", DecimalMark::parse(&mark))).transpose()?;
        let Options { mapping, ignore_unknown, stock, fetch_media, .. } = row;
        Ok(Self { format, decimal, mapping, ignore_unknown, stock, fetch_media })
    }
}

/// A value as JSON.
pub fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Internal(error.into()))
}

/// A value that was stored as JSON.
pub fn of_json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::corrupt("the JSON of an import"))
}

impl TryFrom<&Import> for Model {
    type Error = StoreError;

    fn try_from(import: &Import) -> Result<Self, StoreError> {
        let RowCounts { creates, updates, unchanged, failed, done } = import.counts;
        Ok(Self {
            id: import.id.0,
            status: import.status.as_str().to_owned(),
            options: json(&Options::from(&import.options))?,
            header: json(&import.header)?,
            selection: import.bulk.as_ref().map(|bulk| json(bulk.select.parameters())).transpose()?,
            bulk_change: import.bulk.as_ref().map(|bulk| bulk.change.as_str().to_owned()),
            row_count: import.rows,
            received: import.is_received,
            creates,
            updates,
            unchanged,
            failed,
            done,
            position: import.position,
            skips_failed: import.skips_failed,
            problem: import.problem.clone(),
            actor: import.actor.map(|actor| actor.to_string()),
            held_by: import.lease.map(|lease| lease.holder),
            held_until: import.lease.map(|lease| micros(lease.until)),
            rows_removed_at: import.rows_removed_at.map(micros),
            created_at: micros(import.created_at),
            updated_at: micros(import.updated_at),
            version: import.version.0,
        })
    }
}

impl TryFrom<Model> for Import {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let lease = row.held_by.zip(row.held_until);
        let lease = lease.map(|(holder, until)| time(until).map(|until| Lease { holder, until })).transpose()?;
        let select = row.selection.as_deref().map(of_json).transpose()?.map(CollectionFilter::from_trusted);
        let change = row.bulk_change.map(BulkChange::from_trusted);
        let actor = row.actor.map(|actor| stored("actor of an import", Principal::parse(&actor))).transpose()?;
        Ok(Self {
            id: ImportId(row.id),
            status: stored("status of an import", ImportStatus::parse(&row.status))?,
            options: of_json::<Options>(&row.options)?.try_into()?,
            header: of_json(&row.header)?,
            bulk: select.zip(change).map(|(select, change)| Bulk { select, change }),
            rows: row.row_count,
            is_received: row.received,
            counts: RowCounts {
                creates: row.creates,
                updates: row.updates,
                unchanged: row.unchanged,
                failed: row.failed,
                done: row.done,
            },
            position: row.position,
            skips_failed: row.skips_failed,
            problem: row.problem,
            actor,
            lease,
            rows_removed_at: row.rows_removed_at.map(time).transpose()?,
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
