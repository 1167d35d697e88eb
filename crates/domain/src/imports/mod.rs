//! Imports: files of products, and what their rows mean.
//!
//! A file of another shop is read as rows of a plain one: what its columns mean, and which rows make one product, is said
//! here once. All texts stay texts; the plain columns are parsed by the rules of products.

mod bulk;
mod cells;
mod choices;
mod columns;
mod format;
mod import;
mod kept;
mod made;
mod names;
mod part;
mod pictures;
mod plain;
mod ports;
mod reading;
mod shopify;
mod translated;
mod woocommerce;

pub use bulk::{Bulk, BulkChange};
pub use cells::{joined, listed, path, unquoted};
pub use choices::Choices;
pub use columns::{COLUMNS, Column};
pub use format::{FileFormat, recognised};
pub use import::{
    Import, ImportFilter, ImportKind, ImportOptions, ImportOptionsChange, ImportStatus, ImportStep, ImportStepRefused,
    RowCounts, RowStatus,
};
pub use kept::RowsGone;
pub use part::{NextRows, PartLimit};
pub use pictures::{NamedPicture, RowPictures};
pub use plain::Plain;
pub use ports::*;
pub use reading::{Manner, Reading};
pub use shopify::Shopify;
pub use translated::{Definition, FileRow, Note, PlainRow, RowFault, Translated};
pub use woocommerce::{Parents, WooCommerce};

crate::id::id! {
    /// The id of an import.
    ImportId
}
