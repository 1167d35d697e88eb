use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use super::records::{LONGEST, Record, of_line, stuck};
use crate::extract::Strict;
use crate::problem::Fault;

/// The lines of an NDJSON file.
pub(super) struct NdjsonRecords {
    file: BufReader<File>,
    text: Vec<u8>,
    line: u64,
    position: u64,
}

impl NdjsonRecords {
    pub fn new(file: File) -> Self {
        Self { file: BufReader::new(file), text: Vec::new(), line: 0, position: 0 }
    }

    pub fn next(&mut self) -> io::Result<Option<Record>> {
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
                return Ok(Some(Record { line: self.line, value: parse(text).map(|strict| strict.0) }));
            }
        }
    }

    pub fn position(&self) -> u64 {
        self.position
    }
}

fn parse(text: &[u8]) -> Result<Strict, Fault> {
    let text = std::str::from_utf8(text).map_err(|_| of_line("must be UTF-8"))?;
    // The parser sees each line as line 1.
    let why = |error: serde_json::Error| error.to_string().replace(" at line 1 column ", " at column ");
    serde_json::from_str(text).map_err(|error| of_line(format!("must be JSON: {}", why(error))))
}
