use std::fs::File;
use std::io::{self, Chain, Read, Seek, SeekFrom, Take};

use ::csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use domain::plain_integer;
use serde_json::{Map, Value};

use super::header::Header;
use super::layout::Layout;
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
    /// Bytes that are read, and the lines before them.
    length: u64,
    lines: u64,
    header: Header,
    row: ByteRecord,
}

impl CsvRecords {
    /// Reads the header.
    ///
    /// # Errors
    /// If the file is empty, or the header is not valid.
    pub fn new(mut file: File, length: u64) -> io::Result<Self> {
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(LONGEST).read_to_end(&mut head)?;
        let Layout { separator, skipped, lines } = Layout::of(&head)?;
        file.seek(SeekFrom::Start(skipped))?;
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(file.chain(END).take(LONGEST));
        let length = length.saturating_sub(skipped);
        let mut records = Self { reader, length, lines, header: Header::default(), row: ByteRecord::new() };
        if records.advance()?.is_none() {
            return Err(stuck(Header::missing()));
        }
        records.header = Header::of(cells(&records.row)).map_err(stuck)?;
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
            let began = self.lines + self.reader.position().line();
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
            if self.row.iter().any(|cell| !is_blank(cell)) {
                let lines = self.row.as_slice().split(|byte| *byte == b'\n').count();
                return Ok(Some((self.lines + self.reader.position().line()).saturating_sub(lines as u64)));
            }
        }
    }

    fn value(&self) -> Result<Value, Fault> {
        let (row, header) = (self.row.len(), self.header.width());
        if row < header {
            return Err(of_line(format!("must have {header} columns, as the header has, not {row}")));
        }
        let mut members = Map::new();
        for (place, cell) in cells(&self.row).enumerate() {
            match self.header.column(place) {
                Some(column) => drop(members.insert(column.to_owned(), value(column, cell)?)),
                None if is_blank(cell) => {}
                None if place < header => {
                    return Err(of_line(format!("has a value in column {}, which has no name", place + 1)));
                }
                None => return Err(of_line(format!("must have {header} columns, as the header has, not {row}"))),
            }
        }
        Ok(Value::Object(members))
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
        // A text that is no plain number is refused later, as the wrong type. The price is read as a text.
        "stock" | "weight_grams" => plain_integer(text).map_or_else(|_| text.into(), Value::from),
        "shippable" => text.to_ascii_lowercase().parse().map_or_else(|_| text.into(), Value::Bool),
        _ => text.into(),
    })
}

/// Whether a cell has nothing but white space.
fn is_blank(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|text| text.trim().is_empty())
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
            "sku": null, "name": "1", "price": "2", "currency": null, "description": " ", "stock": "x",
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn a_stock_is_a_number_only_in_digits_alone_f1() {
        let mut records = read(b"sku,name,price,currency,stock\na,A,1,USD,7\na,A,1,USD,1.000\na,A,1,USD,7e1").unwrap();
        for stock in [serde_json::json!(7), serde_json::json!("1.000"), serde_json::json!("7e1")] {
            assert_eq!(records.next().unwrap().unwrap().value.unwrap()["stock"], stock);
        }
    }

    #[test]
    fn rows_and_columns_at_the_end_may_be_empty_and_hold_nothing_unnamed_l21() {
        let text = "sku;name;price;currency;;\r\n;;;;;\r\na;A;1;USD;;\r\nb;B;1;USD\r\nc;C;1;USD;;x\r\nd;D;1;USD;;;;;\r\n\
            e;E;1\r\n\"\"; ;;;;\r\n;;;\r\n";
        let expected = [(3, Some("A")), (4, Some("B")), (5, None), (6, Some("D")), (7, None)];
        assert_eq!(rows(text), expected.map(|(line, name)| (line, name.map(str::to_owned))));
        let mut records = read(b"sku,,name,price,currency\na,x,A,1,USD\n").unwrap();
        let refused = records.next().unwrap().unwrap().value.unwrap_err();
        assert_eq!(refused.message, "has a value in column 2, which has no name");
    }

    #[test]
    fn a_line_sep_counts_as_a_line_of_the_file_l21() {
        let text = "\u{feff}sep=\t\r\nsku\tname\tprice\tcurrency\r\na\tA\t1\tUSD\r\nb\t\"B\nb\"\t1\tUSD\r\n";
        assert_eq!(rows(text), [(3, Some("A".to_owned())), (4, Some("B\nb".to_owned()))]);
        let open = "sep=;\nsku;name;price;currency\na;A;1;\"USD\n";
        assert_eq!(refusal(open.as_bytes()), "line 3: a quote is not closed");
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
}
