//! Takes in the files of imports.

use std::io::{self, Seek as _};

use application::imports::{FailImport, ReceiveRows};
use application::{Error, Runner};
use domain::imports::{FileRow, ImportId};
use domain::{Code, Invalid};

use crate::extract::FileUpload;
use crate::files::{CsvRows, Format, Text};

/// Rows that are stored at once.
const ROWS: usize = 500;

/// As soon as rows have so many bytes, they are stored: a statement is not too long for any database.
const BYTES: usize = 1024 * 1024;

/// The most bytes of the cells of a row, as they are stored: as many as a line may have.
const ROW: usize = 4 * 1024 * 1024;

/// The rows of a file that was uploaded.
///
/// # Errors
/// If it is no CSV with a header.
pub(crate) async fn open(upload: FileUpload) -> Result<CsvRows, Error> {
    let FileUpload { file, length, .. } = upload;
    let read = tokio::task::spawn_blocking(move || {
        let Text { mut file, length, .. } = Text::of(file, length, Format::Csv, None)?;
        file.rewind()?;
        CsvRows::new(file, length)
    });
    match read.await {
        Ok(Ok(rows)) => Ok(rows),
        Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
            Err(Error::field("file", Invalid::new(Code::Format, error.to_string())))
        }
        Ok(Err(error)) => Err(Error::Internal(error.into())),
        Err(panicked) => Err(Error::Internal(panicked.into())),
    }
}

/// Stores the rows of an import, while nobody waits for it.
pub(crate) fn receive(runner: Runner, id: ImportId, rows: CsvRows) {
    actix_web::rt::spawn(async move {
        if let Err(error) = store(&runner, id, rows).await {
            tracing::warn!(%id, %error, "the rows of an import were not stored");
        }
    });
}

/// Stores the rows of a file. What cannot be read makes the import fail.
async fn store(runner: &Runner, id: ImportId, mut file: CsvRows) -> Result<(), Error> {
    loop {
        let (mut rows, mut bytes) = (Vec::new(), 0);
        let (mut is_last, mut why) = (false, None);
        while rows.len() < ROWS && bytes < BYTES {
            match file.next() {
                Ok(None) => {
                    is_last = true;
                    break;
                }
                Ok(Some((line, Ok(row)))) => {
                    let size = size(&row);
                    bytes += size;
                    rows.push(row);
                    if size > ROW {
                        why = Some(format!("Line {line} is longer than {} KiB.", ROW / 1024));
                    }
                }
                Ok(Some((line, Err(fault)))) => why = Some(format!("Line {line}: {} {}.", fault.field, fault.message)),
                Err(error) => why = Some(format!("The file cannot be read: {error}.")),
            }
            if why.is_some() {
                break;
            }
        }
        if let Some(why) = why {
            return runner.run(FailImport { id, why }).await.map(drop);
        }
        let received = runner.run(ReceiveRows { id, rows, is_last }).await;
        match received {
            Err(Error::Invalid(fields)) => {
                let why = fields.first().map(|fault| format!("The file {}.", fault.invalid.message));
                return runner.run(FailImport { id, why: why.unwrap_or_default() }).await.map(drop);
            }
            result => drop(result?),
        }
        if is_last {
            return Ok(());
        }
    }
}

/// The bytes of a row as it is stored.
fn size(row: &FileRow) -> usize {
    serde_json::to_string(&row.cells).map_or(usize::MAX, |text| text.len())
}
