use std::io;

use serde_json::Value;

use super::csv::CsvRecords;
use super::ndjson::NdjsonRecords;
use crate::problem::Fault;

/// The most bytes of a line: far more than the longest product needs.
pub(super) const LONGEST: u64 = 256 * 1024;

/// What a line says, whatever it is written in.
pub(super) struct Record {
    /// The line, or the first of several.
    pub line: u64,
    /// Its members, or why it has none.
    pub value: Result<Value, Fault>,
}

/// The lines of a file, one after the other.
pub(super) enum Records {
    Csv(Box<CsvRecords>),
    Ndjson(NdjsonRecords),
}

impl Records {
    /// The next line that is not blank.
    ///
    /// # Errors
    /// If there is no way to go on, as when a line does not end.
    pub fn next(&mut self) -> io::Result<Option<Record>> {
        match self {
            Self::Csv(records) => records.next(),
            Self::Ndjson(records) => records.next(),
        }
    }

    /// How many bytes have been read.
    pub fn position(&self) -> u64 {
        match self {
            Self::Csv(records) => records.position(),
            Self::Ndjson(records) => records.position(),
        }
    }
}

/// A fault of a line as a whole.
pub(super) fn of_line(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    of_field("line", message)
}

/// A value that is not written as it should be.
pub(super) fn of_field(field: &str, message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault { field: field.to_owned(), code: domain::Code::Format.as_str(), message: message.into() }
}

/// There is no way to go on.
pub(super) fn stuck(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}
