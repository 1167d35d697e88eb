use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Seek};

use domain::imports::{Choices, Definition, FileFormat, Manner, Note, PlainRow, Reading, Translated};
use domain::{Code, DecimalMark, plain_integer};
use serde_json::{Map, Value};

use super::csv::CsvRows;
use super::ndjson::NdjsonRecords;
use crate::problem::Fault;

/// The most bytes of a line: more than the longest product needs, with 100 categories and 200 attributes of its own and of
/// its group.
pub(super) const LONGEST: u64 = 4 * 1024 * 1024;

/// A product in a file.
pub(crate) struct Line {
    /// Its number; of a row of several lines, that of the first.
    pub number: u64,
    /// The product as a JSON object whose members are the plain columns, or why it cannot be parsed.
    pub value: Result<Value, Vec<Fault>>,
    /// Attributes that the row needs.
    pub defines: Vec<Definition>,
    /// The names of its columns, in their order.
    pub columns: Vec<String>,
}

/// What was left out of a file: how often, and in which line first.
pub(crate) type Notes = BTreeMap<Note, (u64, u64)>;

/// The products of a file, read one by one.
pub(crate) enum Records {
    Csv(Box<Rows>),
    Ndjson(NdjsonRecords),
}

/// The rows of a CSV file, and what they mean.
pub(crate) struct Rows {
    file: CsvRows,
    reading: Reading,
    decimal: Option<DecimalMark>,
    read: VecDeque<Line>,
    notes: Notes,
    is_over: bool,
}

impl Records {
    /// Of a CSV file that is at its beginning.
    ///
    /// # Errors
    /// If the file cannot be read, or its header is refused.
    pub fn csv(mut file: File, length: u64, manner: &Manner) -> io::Result<Self> {
        let mut rows = CsvRows::new(file.try_clone()?, length)?;
        let mut reading = Reading::new(rows.header(), manner).map_err(stuck)?;
        if reading.looks_first() {
            while let Some((_, row)) = rows.next()? {
                if let Ok(row) = &row {
                    reading.look(row);
                }
            }
            file.rewind()?;
            rows = CsvRows::new(file, length)?;
        }
        let decimal = decimal(&reading, manner);
        let notes = Notes::new();
        Ok(Self::Csv(Box::new(Rows { file: rows, reading, decimal, read: VecDeque::new(), notes, is_over: false })))
    }

    /// Takes the choices of the shop for those of the same name in the file.
    pub fn know(&mut self, choices: &Choices) {
        if let Self::Csv(rows) = self {
            rows.reading.know(choices);
        }
    }

    /// The next product.
    ///
    /// # Errors
    /// If reading cannot continue, for example because a line is too long.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        match self {
            Self::Csv(rows) => rows.next(),
            Self::Ndjson(records) => records.next(),
        }
    }

    /// Bytes read so far.
    pub fn position(&self) -> u64 {
        match self {
            Self::Csv(rows) => rows.file.position(),
            Self::Ndjson(records) => records.position(),
        }
    }

    /// How decimal prices are written, when the file says so itself; otherwise as it was asked.
    pub fn decimal(&self, asked: Option<DecimalMark>) -> Option<DecimalMark> {
        match self {
            Self::Csv(rows) => rows.decimal,
            Self::Ndjson(_) => asked,
        }
    }

    /// Whether the file says nothing but how much there is.
    pub fn is_stock_alone(&self) -> bool {
        matches!(self, Self::Csv(rows) if rows.reading.is_stock_alone())
    }

    /// What was left out so far.
    pub fn notes(&self) -> Notes {
        match self {
            Self::Csv(rows) => rows.notes.clone(),
            Self::Ndjson(_) => Notes::new(),
        }
    }
}

/// How decimal prices are written: files of other shops always have a decimal sign.
pub(crate) fn decimal(reading: &Reading, manner: &Manner) -> Option<DecimalMark> {
    match reading.format() {
        FileFormat::Plain => manner.decimal,
        FileFormat::Shopify | FileFormat::WooCommerce => Some(manner.decimal.unwrap_or(DecimalMark::Point)),
    }
}

impl Rows {
    fn next(&mut self) -> io::Result<Option<Line>> {
        while self.read.is_empty() && !self.is_over {
            match self.file.next()? {
                Some((_, Ok(row))) => {
                    let read = self.reading.read(row);
                    self.take(read);
                }
                Some((line, Err(fault))) => {
                    self.read.push_back(Line {
                        number: line,
                        value: Err(vec![fault]),
                        defines: Vec::new(),
                        columns: Vec::new(),
                    });
                }
                None => {
                    let read = self.reading.finish();
                    self.take(read);
                    self.is_over = true;
                }
            }
        }
        Ok(self.read.pop_front())
    }

    fn take(&mut self, read: Translated) {
        note(&mut self.notes, &read);
        self.read.extend(lines(read));
    }
}

/// Counts what was left out.
pub(crate) fn note(notes: &mut Notes, read: &Translated) {
    for (line, note) in &read.notes {
        notes.entry(note.clone()).or_insert((0, *line)).0 += 1;
    }
}

/// What was read, in order of lines. All that is refused in a line is said with it.
pub(crate) fn lines(read: Translated) -> Vec<Line> {
    let mut refused: BTreeMap<u64, Vec<Fault>> = BTreeMap::new();
    for fault in read.faults {
        let (code, message) = (fault.invalid.code.as_str(), fault.invalid.message);
        refused.entry(fault.line).or_default().push(Fault { field: fault.field, code, message });
    }
    let mut all: Vec<_> = read
        .rows
        .into_iter()
        .map(|row| {
            let refused = refused.remove(&row.line);
            let (line, defines) = (row.line, row.defines.clone());
            let columns = row.cells.iter().map(|(column, _)| column.name()).collect();
            Line { number: line, value: refused.map_or_else(|| Ok(object(&row)), Err), defines, columns }
        })
        .collect();
    all.extend(refused.into_iter().map(|(line, faults)| Line {
        number: line,
        value: Err(faults),
        defines: Vec::new(),
        columns: Vec::new(),
    }));
    all.sort_by_key(|line| line.number);
    all
}

/// A row as a JSON object. An empty cell is null.
fn object(row: &PlainRow) -> Value {
    let members: Map<_, _> =
        row.cells.iter().map(|(column, text)| (column.name(), value(&column.name(), text))).collect();
    Value::Object(members)
}

fn value(column: &str, text: &str) -> Value {
    match column {
        _ if text.is_empty() => Value::Null,
        // A text that is no plain number is refused later, as the wrong type. The price is read as a text.
        "stock" | "weight_grams" => plain_integer(text).map_or_else(|_| text.into(), Value::from),
        "shippable" => text.to_ascii_lowercase().parse().map_or_else(|_| text.into(), Value::Bool),
        _ => text.into(),
    }
}

/// A fault of a whole line: field `line`, code `format`.
pub(crate) fn of_line(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    of_field("line", message)
}

/// A fault of a field: code `format`.
pub(super) fn of_field(field: &str, message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault { field: field.to_owned(), code: Code::Format.as_str(), message: message.into() }
}

/// An error after which reading cannot continue.
pub(super) fn stuck(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}
