//! Products in files: what `export` writes, `import` reads.

mod batch;
mod export;
mod format;
mod import;
mod input;
mod survey;

pub(super) use export::Export;
pub(super) use import::Import;
