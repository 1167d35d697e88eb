//! Files of products: reading them, comparing them with what there is, and writing them. The command line and the API
//! share it.

mod compared;
mod csv;
mod decimal;
pub(crate) mod encoding;
mod entry;
mod exported;
mod known;
mod layout;
mod ndjson;
mod pictures;
mod records;
mod review;
mod tables;
mod units;
mod written;

pub(crate) use csv::CsvRows;
pub(crate) use encoding::Text;
pub(crate) use exported::Exported;
pub(crate) use known::Known;
pub(crate) use ndjson::NdjsonRecords;
pub(crate) use pictures::ShownPictures;
pub(crate) use records::{Line, Notes, Records, decimal, lines};
pub(crate) use review::{Plan, ReviewOptions, Reviewed, Reviewer};
pub(crate) use tables::{failed_rows, rows_before};
pub(crate) use units::{apart, units};
pub(crate) use written::{Cells, Writer, cell, csv_line, exported_line};

/// How a file is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Comma-separated values, with a header.
    Csv,
    /// One JSON object per line.
    Ndjson,
}
