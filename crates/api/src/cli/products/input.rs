use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use domain::imports::Manner;
use encoding_rs::Encoding;

use super::format::is_standard;
use crate::cli::error::Failure;
use crate::files::{Format, NdjsonRecords, Records, Text};

/// A file that can be read more than once.
pub(super) struct Input {
    file: File,
    /// How it is called in messages.
    pub name: String,
    /// Bytes.
    pub length: u64,
    /// How it is to be read.
    pub manner: Manner,
}

impl Input {
    /// Opens a file. Standard input, anything else that can be read only once, and what is not in UTF-8, is copied to a
    /// temporary file.
    ///
    /// # Errors
    /// [`Failure::Usage`] if the file cannot be read, or is not in this encoding.
    pub fn open(
        path: &Path,
        format: Format,
        encoding: Option<&'static Encoding>,
        manner: Manner,
    ) -> Result<Self, Failure> {
        let name = if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() };
        let opened = if is_standard(path) { copy(&mut io::stdin().lock()) } else { open(path) };
        let text = opened.and_then(|(file, length)| Text::of(file, length, format, encoding));
        let Text { file, length, found } = text.map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
        if let Some(encoding) = found {
            // Write errors are ignored: standard error may be closed.
            let _ = writeln!(io::stderr(), "{name} is read as {}; --encoding names another one", encoding.name());
        }
        Ok(Self { file, name, length, manner })
    }

    /// The products of the file from its beginning.
    pub fn records(&mut self, format: Format) -> Result<Records, Failure> {
        let manner = self.manner.clone();
        let records = self.rewound().and_then(|file| match format {
            Format::Csv => Records::csv(file, self.length, &manner),
            Format::Ndjson => Ok(Records::Ndjson(NdjsonRecords::new(file))),
        });
        records.map_err(|error| self.unusable(&error))
    }

    /// The failure of a file that cannot be read, with its name.
    pub fn unusable(&self, error: &io::Error) -> Failure {
        Failure::Usage(format!("{}: {error}", self.name))
    }

    fn rewound(&mut self) -> io::Result<File> {
        self.file.rewind()?;
        self.file.try_clone()
    }
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() || metadata.is_dir() { Ok((file, metadata.len())) } else { copy(&mut file) }
}

fn copy(from: &mut impl Read) -> io::Result<(File, u64)> {
    let mut copy = tempfile::tempfile()?;
    let length = io::copy(from, &mut copy)?;
    Ok((copy, length))
}
