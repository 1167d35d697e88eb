use std::io;

use super::records::stuck;

/// What comes before the rows of a CSV file, and what separates their cells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// What separates two cells.
    pub separator: u8,
    /// The bytes before the first row.
    pub skipped: u64,
    /// The lines before the first row.
    pub lines: u64,
}

const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Layout {
    /// The layout of a file that begins with `head`: a line `sep=;`, as spreadsheets write and read it, names the
    /// separator; else it is that of comma, semicolon and tab which the header has most often.
    ///
    /// # Errors
    /// If the line `sep=` names no separator.
    pub fn of(head: &[u8]) -> io::Result<Self> {
        let text = head.strip_prefix(MARK).unwrap_or(head);
        let mut skipped = head.len() - text.len();
        for (lines, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let lines = lines as u64 + 1;
            let content = line.strip_suffix(b"\n").unwrap_or(line);
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            if let Some(named) = named(content) {
                let skipped = (skipped + line.len()) as u64;
                let message = format!("line {lines}: sep= must be followed by one sign, such as ; or ,");
                return named.map(|separator| Self { separator, skipped, lines }).ok_or_else(|| stuck(message));
            }
            if !content.trim_ascii().is_empty() {
                break;
            }
            skipped += line.len();
        }
        Ok(Self { separator: most_frequent(text), skipped: 0, lines: 0 })
    }
}

/// The separator that a line `sep=` names, in quotes or not: `None` if it is another line, `Some(None)` if it names none.
fn named(line: &[u8]) -> Option<Option<u8>> {
    let bare = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (key, value) = bare.split_at_checked(4)?;
    if !key.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    let separates = |byte: u8| byte == b'\t' || (byte.is_ascii_punctuation() && byte != b'"');
    Some(match value {
        [byte] if separates(*byte) => Some(*byte),
        _ => None,
    })
}

/// The separator that stands most often in the header, outside of quotes; of equals the first one.
fn most_frequent(text: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let (mut quoted, mut began) = (false, false);
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if began && !quoted => break,
            byte if !quoted => counts.iter_mut().filter(|(sign, _)| sign == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
        began |= !byte.is_ascii_whitespace();
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(head: &str) -> (char, u64, u64) {
        let Layout { separator, skipped, lines } = Layout::of(head.as_bytes()).unwrap();
        (separator.into(), skipped, lines)
    }

    #[test]
    fn the_header_shows_what_separates_cells() {
        for (head, separator) in [
            ("sku,name,price\na;b;c;d;e", ','),
            ("sku;name;price\n", ';'),
            ("\r\n \n\u{feff}sku\tname\tprice\r\n1,2,3,4,5", '\t'),
            ("\"a,b,c\";name", ';'),
            ("\"a\nb,c,d\";name;price\nx,y", ';'),
            ("sku,name;price\n", ','),
            ("sku", ','),
            ("", ','),
        ] {
            assert_eq!(layout(head), (separator, 0, 0), "{head:?}");
        }
    }

    #[test]
    fn a_line_sep_names_the_separator_and_is_no_row() {
        assert_eq!(layout("sep=;\nsku,name"), (';', 6, 1));
        assert_eq!(layout("\u{feff}SEP=\t\r\nsku"), ('\t', 10, 1));
        assert_eq!(layout("\r\n\"sep=|\"\r\nsku|name"), ('|', 11, 2));
        assert_eq!(layout("sku,sep=;\n"), (',', 0, 0));
        for bad in ["sep=", "sep=;;\n", "sep=a", "sep=\"", "sep=\u{a7}"] {
            let refusal = Layout::of(bad.as_bytes()).unwrap_err().to_string();
            assert_eq!(refusal, "line 1: sep= must be followed by one sign, such as ; or ,", "{bad}");
        }
    }
}
