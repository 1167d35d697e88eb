use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Chain, Read, Take};

use ::csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use serde_json::{Map, Number, Value};

use super::format::COLUMNS;
use super::records::{LONGEST, Record, of_field, of_line, stuck};
use crate::problem::Fault;

/// Appended to the file. The first line break ends an unfinished last line; reading the second one means that a quote
/// is not closed.
const END: &[u8] = b"\n\n";

/// The rows of a CSV file.
///
/// A row ends with a line feed, and a carriage return before it is removed by [`cells`]: the reader counts only line
/// feeds, so line numbers would be wrong if it handled both.
pub(super) struct CsvRecords {
    reader: Reader<Take<Chain<File, &'static [u8]>>>,
    length: u64,
    columns: Vec<&'static str>,
    row: ByteRecord,
}

impl CsvRecords {
    /// Reads the header.
    ///
    /// # Errors
    /// If the file is empty, or the header is not valid.
    pub fn new(file: File, length: u64) -> io::Result<Self> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(file.chain(END).take(LONGEST));
        let mut records = Self { reader, length, columns: Vec::new(), row: ByteRecord::new() };
        if records.advance()?.is_none() {
            return Err(stuck(format!("is empty: it needs a header with the columns {}", COLUMNS.join(","))));
        }
        records.columns = header(&records.row).map_err(stuck)?;
        Ok(records)
    }

    pub fn next(&mut self) -> io::Result<Option<Record>> {
        Ok(self.advance()?.map(|line| Record { line, value: self.value() }))
    }

    pub fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// Reads the next row that is not blank into `row`. Returns its first line, or `None` at the end of the file.
    fn advance(&mut self) -> io::Result<Option<u64>> {
        loop {
            self.reader.get_mut().set_limit(LONGEST);
            let began = self.reader.position().line();
            let more = self.reader.read_byte_record(&mut self.row)?;
            if self.reader.get_ref().limit() == 0 {
                let long = format!("line {began} is longer than {} KiB, or a quote is not closed", LONGEST / 1024);
                return Err(stuck(long));
            }
            if !more {
                return Ok(None);
            }
            if self.position() > self.length + 1 {
                return Err(stuck(format!("line {began}: a quote is not closed")));
            }
            if self.row.len() > 1 || self.row.iter().any(|cell| cell != b"\r") {
                let lines = self.row.as_slice().split(|byte| *byte == b'\n').count();
                return Ok(Some(self.reader.position().line().saturating_sub(lines as u64)));
            }
        }
    }

    fn value(&self) -> Result<Value, Fault> {
        if self.row.len() != self.columns.len() {
            let (row, header) = (self.row.len(), self.columns.len());
            return Err(of_line(format!("must have {header} columns, as the header has, not {row}")));
        }
        let cells = self.columns.iter().zip(cells(&self.row));
        let members = cells.map(|(column, cell)| Ok(((*column).to_owned(), value(column, cell)?)));
        members.collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }
}

/// The cells of a row, without the carriage return at its end.
fn cells(row: &ByteRecord) -> impl Iterator<Item = &[u8]> {
    let last = row.len().saturating_sub(1);
    row.iter().enumerate().map(move |(place, cell)| match cell.strip_suffix(b"\r") {
        Some(cell) if place == last => cell,
        _ => cell,
    })
}

/// A cell as JSON; an empty one is null.
fn value(column: &str, cell: &[u8]) -> Result<Value, Fault> {
    let text = std::str::from_utf8(cell).map_err(|_| of_field(column, "must be UTF-8"))?;
    Ok(match column {
        _ if text.is_empty() => Value::Null,
        // A text that is not a number is refused later, as the wrong type.
        "price" | "stock" => serde_json::from_str::<Number>(text).map_or_else(|_| text.into(), Value::Number),
        _ => text.into(),
    })
}

/// The columns of a header, or why it is not valid.
fn header(row: &ByteRecord) -> Result<Vec<&'static str>, String> {
    let mut named = HashSet::new();
    let mut columns = Vec::new();
    for cell in cells(row) {
        let Ok(name) = std::str::from_utf8(cell) else { return Err("the header must be UTF-8".to_owned()) };
        let Some(column) = COLUMNS.into_iter().find(|column| *column == name.trim()) else {
            let name: String = name.chars().take(64).collect();
            let all = COLUMNS.join(",");
            return Err(format!("the header has the unknown column {name:?}; allowed, separated by commas, are {all}"));
        };
        if !named.insert(column) {
            return Err(format!("the header has the column {column} twice"));
        }
        columns.push(column);
    }
    let missing = ["name", "price", "currency"].into_iter().find(|column| !named.contains(column));
    if let Some(column) = missing {
        return Err(format!("the header needs the column {column}"));
    }
    if named.contains("id") || named.contains("sku") {
        return Ok(columns);
    }
    Err("the header needs the column id or the column sku".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;

    fn read(text: &[u8]) -> io::Result<CsvRecords> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        file.rewind().unwrap();
        CsvRecords::new(file, text.len() as u64)
    }

    /// The line and the name of each row; no name if the row is refused.
    fn rows(text: &str) -> Vec<(u64, Option<String>)> {
        let mut records = read(text.as_bytes()).unwrap();
        let name = |record: Record| Some(record.value.ok()?["name"].as_str()?.to_owned());
        std::iter::from_fn(|| records.next().unwrap()).map(|record| (record.line, name(record))).collect()
    }

    fn refusal(text: &[u8]) -> String {
        let refused = read(text).and_then(|mut records| {
            while records.next()?.is_some() {}
            Ok(())
        });
        refused.unwrap_err().to_string()
    }

    #[test]
    fn a_row_has_the_number_of_its_first_line_with_either_line_ending_r78() {
        let text = "id,price,currency,name\n1,1,USD,A\n\n\n2,1,USD,\"B\nb\"\n3,1,USD\n4,1,USD,D";
        let expected = [(2, Some("A")), (5, Some("B\nb")), (7, None), (8, Some("D"))];
        let expected: Vec<_> = expected.map(|(line, name)| (line, name.map(str::to_owned))).into();
        assert_eq!(rows(text), expected);
        let with_returns = text.replace('\n', "\r\n");
        let names: Vec<_> = rows(&with_returns);
        assert_eq!(names[1], (5, Some("B\r\nb".to_owned())));
        assert_eq!(names.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5, 7, 8]);
        assert_eq!((&names[0].1, &names[3].1), (&expected[0].1, &expected[3].1));
    }

    #[test]
    fn a_byte_order_mark_before_the_header_is_ignored_r78() {
        assert_eq!(rows("\u{feff}sku,name,price,currency\nx,A,1,USD\r\n"), [(2, Some("A".to_owned()))]);
        assert_eq!(rows("\u{feff}\"sku\",\"name\",price,currency\r\n"), []);
    }

    #[test]
    fn a_numeric_cell_is_a_json_number_and_an_empty_cell_is_null_r78() {
        let mut records = read(b"sku,name,price,currency,description,stock\n,1,2,\"\", ,x").unwrap();
        let value = records.next().unwrap().unwrap().value.unwrap();
        let expected = serde_json::json!({
            "sku": null, "name": "1", "price": 2, "currency": null, "description": " ", "stock": "x",
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn an_unclosed_quote_and_a_line_that_is_too_long_are_refused_r78() {
        let header = "sku,name,price,currency\n";
        for mark in ["", "\u{feff}"] {
            let open = format!("{mark}{header}a,A,1,USD\nb,B,1,\"USD\nc,C,1,USD\n");
            assert_eq!(refusal(open.as_bytes()), "line 3: a quote is not closed");
            let closed_at_the_end = format!("{mark}{header}a,A,1,\"USD\n\"");
            assert!(read(closed_at_the_end.as_bytes()).unwrap().next().unwrap().is_some());
        }
        let long = format!("{header}a,{},1,USD\n", "x".repeat(300_000));
        assert!(refusal(long.as_bytes()).starts_with("line 2 is longer than 256 KiB"), "{}", refusal(long.as_bytes()));
    }

    #[test]
    fn a_wrong_header_is_refused_with_the_reason_r78() {
        for (text, why) in [
            ("", "is empty: it needs a header with the columns id,sku,name"),
            ("\r\n\n", "is empty"),
            ("a,A,1,USD\n", "the header has the unknown column \"a\"; allowed"),
            ("sku;name\n", "the header has the unknown column \"sku;name\""),
            ("sku,name,price,currency,sku", "the header has the column sku twice"),
            ("sku,name,price", "the header needs the column currency"),
            ("name,price,currency", "the header needs the column id or the column sku"),
        ] {
            assert!(refusal(text.as_bytes()).starts_with(why), "{text}: {}", refusal(text.as_bytes()));
        }
        assert_eq!(refusal(b"s\xffku,name"), "the header must be UTF-8");
    }
}
