use std::fs::File;
use std::io::{self, Chain, Read, Seek, SeekFrom, Take};

use ::csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use domain::imports::{COLUMNS, FileRow};

use super::layout::Layout;
use super::records::{LONGEST, of_field, stuck};
use crate::problem::Fault;

/// Appended to the file. The first line break ends an unfinished last line; reading the second one means that a quote
/// is not closed.
const END: &[u8] = b"\n\n";

/// The rows of a CSV file.
///
/// A row ends with a line feed, and a carriage return before it is removed by [`cells`]: the reader counts only line
/// feeds, so line numbers would be wrong if it handled both.
pub(crate) struct CsvRows {
    reader: Reader<Take<Chain<File, &'static [u8]>>>,
    /// Bytes that are read, and the lines before them.
    length: u64,
    lines: u64,
    header: Vec<String>,
    row: ByteRecord,
}

impl CsvRows {
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
        let mut records = Self { reader, length, lines, header: Vec::new(), row: ByteRecord::new() };
        if records.advance()?.is_none() {
            let columns = COLUMNS.join(",");
            return Err(stuck(format!("is empty: it needs a header with the columns {columns}")));
        }
        let name = |cell: &[u8]| String::from_utf8(cell.to_vec()).map_err(|_| stuck("the header must be UTF-8"));
        records.header = cells(&records.row).map(name).collect::<io::Result<_>>()?;
        Ok(records)
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row that is not blank, with its line.
    pub fn next(&mut self) -> io::Result<Option<(u64, Result<FileRow, Fault>)>> {
        Ok(self.advance()?.map(|line| (line, self.value(line))))
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

    fn value(&self, line: u64) -> Result<FileRow, Fault> {
        let text = |(place, cell): (usize, &[u8])| {
            let text = String::from_utf8(cell.to_vec());
            let name = || self.header.get(place).map_or("line", |name| name.trim());
            text.map_err(|_| of_field(&name().to_lowercase(), "must be UTF-8"))
        };
        let cells = cells(&self.row).enumerate().map(text).collect::<Result<_, _>>()?;
        Ok(FileRow { line, cells })
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

/// Whether a cell has nothing but white space.
fn is_blank(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8]) -> io::Result<CsvRows> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        file.rewind().unwrap();
        CsvRows::new(file, text.len() as u64)
    }

    /// The line and the cells of each row; none if the row is refused.
    fn rows(text: &str) -> Vec<(u64, Option<Vec<String>>)> {
        let mut records = read(text.as_bytes()).unwrap();
        let row = |(line, row): (u64, Result<FileRow, Fault>)| (line, row.ok().map(|row| row.cells));
        std::iter::from_fn(|| records.next().unwrap()).map(row).collect()
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
        let lines = |text: &str| rows(text).into_iter().map(|(line, cells)| (line, cells.unwrap().pop().unwrap()));
        let expected = [(2, "A"), (5, "B\nb"), (7, "USD"), (8, "D")].map(|(line, last)| (line, last.to_owned()));
        assert_eq!(lines(text).collect::<Vec<_>>(), expected);
        let with_returns: Vec<_> = lines(&text.replace('\n', "\r\n")).collect();
        assert_eq!(with_returns[1], (5, "B\r\nb".to_owned()));
        assert_eq!((&with_returns[0], &with_returns[3]), (&expected[0], &expected[3]));
    }

    #[test]
    fn a_byte_order_mark_before_the_header_is_ignored_r78() {
        assert_eq!(read("\u{feff}sku,name\r\nx,A\r\n".as_bytes()).unwrap().header(), ["sku", "name"]);
        assert_eq!(read("\u{feff}\"sku\",\"name\"\r\n".as_bytes()).unwrap().header(), ["sku", "name"]);
    }

    #[test]
    fn a_line_sep_counts_as_a_line_of_the_file() {
        let text = "\u{feff}sep=\t\r\nsku\tname\r\na\tA\r\nb\t\"B\nb\"\r\n";
        assert_eq!(rows(text).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4]);
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
        let long = format!("{header}a,{},1,USD\n", "x".repeat(4_300_000));
        assert!(refusal(long.as_bytes()).starts_with("line 2 is longer than 4096 KiB"), "{}", refusal(long.as_bytes()));
        assert!(refusal(b"").starts_with("is empty: it needs a header"));
        assert_eq!(refusal(b"s\xffku\n"), "the header must be UTF-8");
        let mut records = read(b"sku,Name\na,\xff\n").unwrap();
        assert_eq!(records.next().unwrap().unwrap().1.unwrap_err().field, "name");
    }

    proptest! {
        #[test]
        fn written_rows_are_read_back_and_no_input_breaks_the_reader_r230(
            cells in prop::collection::vec(prop::collection::vec("[a-c,;\"\n\r\t= ]{0,6}", 3), 1..6),
            noise in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut file = ::csv::WriterBuilder::new().from_writer(Vec::new());
            file.write_record(["sku", "name", "slug"]).unwrap();
            for row in &cells {
                file.write_record(row).unwrap();
            }
            let text = String::from_utf8(file.into_inner().unwrap()).unwrap();
            let written = cells.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty()));
            let found: Vec<_> = rows(&text).into_iter().map(|(_, cells)| cells.unwrap()).collect();
            // A carriage return at the end of a row is that of the line.
            let cut = |row: &Vec<String>| {
                let mut row = row.clone();
                if let Some(last) = row.last_mut() && last.ends_with('\r') { last.pop(); }
                row
            };
            prop_assert_eq!(found, written.map(cut).collect::<Vec<_>>());
            if let Ok(mut records) = read(&noise) {
                while let Ok(Some(_)) = records.next() {}
            }
        }
    }
}
