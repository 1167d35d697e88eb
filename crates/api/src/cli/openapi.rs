use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::error::Failure;
use crate::openapi::{Format, document};

#[derive(Args)]
pub(super) struct OpenApi {
    /// Version and format of the document
    #[arg(long, value_enum)]
    format: Format,
    /// File to write instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl OpenApi {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let text = document(self.format);
        let Some(file) = &self.output else {
            // Write errors are ignored: standard output may be closed.
            let _ = std::io::stdout().write_all(text.as_bytes());
            return Ok(());
        };
        std::fs::write(file, text)
            .map_err(|error| Failure::Failed(format!("cannot write {}: {error}", file.display()).into()))
    }
}
