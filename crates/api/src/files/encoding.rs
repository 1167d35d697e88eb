use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Format;
use super::records::{LONGEST, stuck};

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

/// A file in UTF-8 whose lines end with a line feed.
pub(crate) struct Text {
    pub file: File,
    /// Bytes.
    pub length: u64,
    /// The encoding that the file was found to have, if it is not UTF-8 and nobody has named it.
    pub found: Option<&'static Encoding>,
}

impl Text {
    /// The text of a file. Without an encoding `named`, it is that of the byte order mark; UTF-16 if every other byte of
    /// the beginning is zero; and Windows-1252 for CSV that is no UTF-8 anywhere beyond ASCII. Anything else is UTF-8.
    ///
    /// # Errors
    /// If the file cannot be read, or is not in the encoding.
    pub fn of(mut file: File, length: u64, format: Format, named: Option<&'static Encoding>) -> io::Result<Self> {
        let mut survey = Survey::of(&mut file)?;
        let found = if named.is_some() { None } else { detected(&mut file, &survey, format)? };
        let (mut file, mut length) = (file, length);
        if let Some(encoding) = named.or(found).filter(|encoding| *encoding != UTF_8) {
            (file, length) = rewritten(&mut file, |from, to| decode(from, to, encoding))?;
            survey = Survey::of(&mut file)?;
        }
        if survey.ends.returns && !survey.ends.feeds {
            (file, length) = rewritten(&mut file, with_line_feeds)?;
        }
        Ok(Self { file, length, found })
    }
}

/// Parses the name of an encoding, as the Encoding Standard of the web has it.
pub(crate) fn named(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| "must be the name of an encoding, such as utf-8, utf-16le, windows-1252 or shift-jis".to_owned())
}

fn detected(file: &mut File, survey: &Survey, format: Format) -> io::Result<Option<&'static Encoding>> {
    file.rewind()?;
    let mut head = Vec::new();
    Read::by_ref(file).take(4).read_to_end(&mut head)?;
    let is_windows = format == Format::Csv && survey.is_windows_1252();
    Ok(match (Encoding::for_bom(&head), head.as_slice()) {
        (Some((encoding, _)), _) => Some(encoding).filter(|encoding| *encoding != UTF_8),
        (None, [a, 0, b, 0]) if *a != 0 && *b != 0 => Some(UTF_16LE),
        (None, [0, a, 0, b]) if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ if is_windows => Some(WINDOWS_1252),
        _ => None,
    })
}

/// What the bytes of a file may be.
#[derive(Default)]
struct Survey {
    /// Some line is not UTF-8.
    broken: bool,
    /// Some character beyond ASCII is UTF-8.
    beyond_ascii: bool,
    /// Some byte is no character of Windows-1252.
    unassigned: bool,
    ends: LineEnds,
}

/// How lines end.
#[derive(Default)]
struct LineEnds {
    feeds: bool,
    returns: bool,
}

impl Survey {
    fn of(file: &mut File) -> io::Result<Self> {
        file.rewind()?;
        let (mut survey, mut lines, mut line) = (Self::default(), BufReader::new(file), Vec::new());
        while lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? > 0 {
            survey.add(&line);
            line.clear();
        }
        Ok(survey)
    }

    fn add(&mut self, line: &[u8]) {
        self.ends.feeds |= line.ends_with(b"\n");
        self.ends.returns |= line.contains(&b'\r');
        if line.is_ascii() {
            return;
        }
        self.unassigned |= line.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d));
        for chunk in line.utf8_chunks() {
            self.beyond_ascii |= !chunk.valid().is_ascii();
            self.broken |= !chunk.invalid().is_empty();
        }
    }

    /// Whether it is not UTF-8, nor UTF-8 with a few broken places.
    const fn is_windows_1252(&self) -> bool {
        self.broken && !self.beyond_ascii && !self.unassigned
    }
}

/// A temporary file with what `write` makes of a file.
fn rewritten(
    from: &mut File,
    write: impl FnOnce(&mut File, &mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<(File, u64)> {
    from.rewind()?;
    let mut to = BufWriter::new(tempfile::tempfile()?);
    write(from, &mut to)?;
    let file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

fn decode(from: &mut File, to: &mut impl Write, encoding: &'static Encoding) -> io::Result<()> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let (mut piece, mut text) = (vec![0; PIECE], String::with_capacity(PIECE * 3));
    loop {
        let read = from.read(&mut piece)?;
        let mut rest = piece.get(..read).unwrap_or_default();
        loop {
            let (result, used) = decoder.decode_to_string_without_replacement(rest, &mut text, read == 0);
            to.write_all(text.as_bytes())?;
            text.clear();
            rest = rest.get(used..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return Err(stuck(format!("is not valid {}", encoding.name()))),
            }
        }
        if read == 0 {
            return Ok(());
        }
    }
}

/// Turns the carriage returns that end the lines of some spreadsheets into line feeds.
fn with_line_feeds(from: &mut File, to: &mut impl Write) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let read = from.read(&mut piece)?;
        let Some(bytes) = piece.get_mut(..read).filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        to.write_all(bytes)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        bytes: &[u8],
        format: Format,
        named: Option<&'static Encoding>,
    ) -> io::Result<(String, Option<&'static str>)> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        let Text { mut file, length, found } = Text::of(file, bytes.len() as u64, format, named)?;
        file.rewind()?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        assert_eq!(length, text.len() as u64);
        Ok((text, found.map(Encoding::name)))
    }

    fn utf16(text: &str, bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf_16_is_known_by_its_mark_or_its_zeros() {
        let text = "sku;Größe;😀\r\n".repeat(9000);
        let marked = format!("\u{feff}{text}");
        for (written, bytes) in [(&marked, u16::to_le_bytes as fn(u16) -> [u8; 2]), (&text, u16::to_le_bytes)] {
            assert_eq!(read(&utf16(written, bytes), Format::Csv, None).unwrap(), (text.clone(), Some("UTF-16LE")));
        }
        assert_eq!(read(&utf16(&marked, u16::to_be_bytes), Format::Ndjson, None).unwrap().1, Some("UTF-16BE"));
        let cut = read(b"\xff\xfes\0k\0u", Format::Csv, None).unwrap_err();
        assert_eq!(cut.to_string(), "is not valid UTF-16LE");
    }

    #[test]
    fn windows_1252_is_csv_that_has_no_utf_8_beyond_ascii() {
        let windows = b"sku,name\na,M\xfcsli 5 \x80\n";
        assert_eq!(read(windows, Format::Csv, None).unwrap(), ("sku,name\na,Müsli 5 €\n".into(), Some("windows-1252")));
        for broken in [&b"a,M\xc3\xbcsli\nb,M\xfcsli\n"[..], b"a,\x81\xfc\n"] {
            assert!(read(broken, Format::Csv, None).is_err(), "it stays as it is, and is refused by line");
        }
        assert!(read(windows, Format::Ndjson, None).is_err(), "JSON is UTF-8");
        let (text, found) = read(windows, Format::Ndjson, named("latin1").ok()).unwrap();
        assert!(text.contains("Müsli") && found.is_none());
        assert!(named("klingon").is_err());
    }

    #[test]
    fn utf_8_stays_as_it_is_but_for_lines_that_end_with_a_carriage_return_alone() {
        let text = "\u{feff}sku,name\r\na,Müsli\r\n";
        assert_eq!(read(text.as_bytes(), Format::Csv, None).unwrap(), (text.to_owned(), None));
        assert_eq!(read(b"sku\ra\rb", Format::Csv, None).unwrap().0, "sku\na\nb");
        assert_eq!(read(b"", Format::Csv, None).unwrap(), (String::new(), None));
    }
}
