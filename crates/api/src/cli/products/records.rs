use std::io;

use serde_json::Value;

use super::csv::CsvRecords;
use super::ndjson::NdjsonRecords;
use crate::problem::Fault;

/// The most bytes of a line. The longest product needs far less.
pub(super) const LONGEST: u64 = 256 * 1024;

/// A line of a file in either format.
pub(super) struct Record {
    /// The line number; of a row of several lines, the first.
    pub line: u64,
    /// The line as a JSON object, or why it cannot be parsed.
    pub value: Result<Value, Fault>,
}

/// The lines of a file, read one by one.
pub(super) enum Records {
    Csv(Box<CsvRecords>),
    Ndjson(NdjsonRecords),
}

impl Records {
    /// The next line that is not blank.
    ///
    /// # Errors
    /// If reading cannot continue, for example because a line is too long.
    pub fn next(&mut self) -> io::Result<Option<Record>> {
        match self {
            Self::Csv(records) => records.next(),
            Self::Ndjson(records) => records.next(),
        }
    }

    /// Bytes read so far.
    pub fn position(&self) -> u64 {
        match self {
            Self::Csv(records) => records.position(),
            Self::Ndjson(records) => records.position(),
        }
    }
}

/// A fault of a whole line: field `line`, code `format`.
pub(super) fn of_line(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    of_field("line", message)
}

/// A fault of a field: code `format`.
pub(super) fn of_field(field: &str, message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault { field: field.to_owned(), code: domain::Code::Format.as_str(), message: message.into() }
}

/// An error after which reading cannot continue.
pub(super) fn stuck(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}
