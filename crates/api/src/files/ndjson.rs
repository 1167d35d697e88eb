use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::records::{LONGEST, Line, of_line, stuck};
use crate::extract::Strict;
use crate::problem::Fault;

/// The lines of an NDJSON file.
pub(crate) struct NdjsonRecords {
    file: BufReader<File>,
    text: Vec<u8>,
    line: u64,
    position: u64,
}

impl NdjsonRecords {
    pub fn new(file: File) -> Self {
        Self { file: BufReader::new(file), text: Vec::new(), line: 0, position: 0 }
    }

    pub fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            self.text.clear();
            let read = self.file.by_ref().take(LONGEST).read_until(b'\n', &mut self.text)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            self.position += read as u64;
            if read as u64 == LONGEST && !self.text.ends_with(b"\n") {
                return Err(stuck(format!("line {} is longer than {} KiB", self.line, LONGEST / 1024)));
            }
            let text = self.text.strip_prefix(b"\xEF\xBB\xBF").filter(|_| self.line == 1).unwrap_or(&self.text);
            let text = text.trim_ascii();
            if !text.is_empty() {
                let value = parse(text).map_err(|fault| vec![fault]);
                return Ok(Some(Line { number: self.line, value, defines: Vec::new(), columns: Vec::new() }));
            }
        }
    }

    pub fn position(&self) -> u64 {
        self.position
    }
}

/// Prices as they are written: a number that was parsed may not be what was meant.
#[derive(Deserialize)]
struct Priced<'a> {
    #[serde(borrow)]
    price: Option<&'a RawValue>,
    #[serde(borrow)]
    compare_at_price: Option<&'a RawValue>,
}

fn parse(text: &[u8]) -> Result<Value, Fault> {
    let text = std::str::from_utf8(text).map_err(|_| of_line("must be UTF-8"))?;
    // The parser sees each line as line 1.
    let why = |error: serde_json::Error| error.to_string().replace(" at line 1 column ", " at column ");
    let Strict(mut value) =
        serde_json::from_str(text).map_err(|error| of_line(format!("must be JSON: {}", why(error))))?;
    // In quotes or not, a price is the text in the file.
    if let Ok(Priced { price, compare_at_price }) = serde_json::from_str(text) {
        for (name, raw) in [("price", price), ("compare_at_price", compare_at_price)] {
            if let Some(price) = value.get_mut(name).filter(|price| price.is_number())
                && let Some(raw) = raw
            {
                *price = raw.get().into();
            }
        }
    }
    Ok(value)
}
