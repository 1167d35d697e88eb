//! Products in files: what `export` writes, `import` reads.

mod batch;
mod csv;
mod decimal;
mod encoding;
mod entry;
mod export;
mod format;
mod header;
mod import;
mod input;
mod layout;
mod ndjson;
mod records;
mod review;
mod written;

pub(super) use export::Export;
pub(super) use import::Import;
