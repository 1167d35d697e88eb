use actix_web::web::BytesMut;
use memchr::memchr;

/// The longest line of a head that is followed. actix refuses heads that are longer.
const LONGEST_LINE: usize = 128 * 1024;

/// Finds the request lines among the bytes of a connection, and writes raw bytes in them as `%C3%A9`.
///
/// To know where a request line begins is to know where the request before it ends. It is known as long as every request
/// has a head that leaves no doubt, and a body with one `Content-Length` or none. After anything else nothing is rewritten
/// on this connection any more: to change a byte of a body would move its end.
#[derive(Default)]
pub(super) struct RequestLines {
    part: Part,
    /// What of a line has come, if its end has not.
    begun: Vec<u8>,
    /// The `Content-Length` of the request.
    length: Option<u64>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Part {
    #[default]
    RequestLine,
    Header,
    /// In a body with this many bytes still to come.
    Body(u64),
    /// Not known any more.
    Unknown,
}

impl RequestLines {
    /// Follows bytes up to a request line that is to be rewritten. Answers how many they are.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while !rest.is_empty() {
            let step = match self.part {
                Part::Unknown => rest.len(),
                Part::Body(left) => {
                    let here = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    let left = left.saturating_sub(here as u64);
                    self.part = if left == 0 { Part::RequestLine } else { Part::Body(left) };
                    here
                }
                Part::RequestLine | Part::Header => {
                    let part = to_line_end(rest);
                    if self.part == Part::RequestLine && !part.is_ascii() {
                        break;
                    }
                    self.follow(part);
                    part.len()
                }
            };
            rest = rest.get(step..).unwrap_or_default();
        }
        bytes.len() - rest.len()
    }

    /// Follows bytes that begin in a request line, and answers them with that line rewritten, and with each one after it.
    pub(super) fn rewrite(&mut self, bytes: &[u8]) -> BytesMut {
        let mut rewritten = BytesMut::with_capacity(bytes.len() * 3);
        let mut rest = bytes;
        while !rest.is_empty() {
            let (passed, raw) = rest.split_at_checked(self.pass(rest)).unwrap_or_default();
            rewritten.extend_from_slice(passed);
            let part = to_line_end(raw);
            let ascii: Vec<u8> = part.iter().copied().flat_map(encoded).collect();
            self.follow(&ascii);
            rewritten.extend_from_slice(&ascii);
            rest = raw.get(part.len()..).unwrap_or_default();
        }
        rewritten
    }

    /// Follows a part of a line, which is its end if it ends with a line feed.
    fn follow(&mut self, part: &[u8]) {
        let is_whole = part.ends_with(b"\n");
        if self.begun.is_empty() && is_whole {
            return self.end(part);
        }
        self.begun.extend_from_slice(part);
        if is_whole {
            let line = std::mem::take(&mut self.begun);
            self.end(&line);
        } else if self.begun.len() > LONGEST_LINE {
            self.doubt();
        }
    }

    fn doubt(&mut self) {
        self.begun = Vec::new();
        self.part = Part::Unknown;
    }

    /// Follows a whole line.
    fn end(&mut self, line: &[u8]) {
        match (self.part, line) {
            // Empty lines before a request are skipped.
            (Part::RequestLine, b"\r\n" | b"\n") => {}
            (Part::RequestLine, line) if line.ends_with(b"\r\n") && !line.starts_with(b"CONNECT ") => {
                self.length = None;
                self.part = Part::Header;
            }
            (Part::Header, b"\r\n") => {
                self.part = self.length.filter(|length| *length > 0).map_or(Part::RequestLine, Part::Body);
            }
            (Part::Header, line) if line.ends_with(b"\r\n") => match line.first().map(u8::to_ascii_lowercase) {
                Some(b'c' | b't' | b'u') => self.framing(line),
                // A folded header, which not everybody reads alike.
                Some(b' ' | b'\t') => self.doubt(),
                _ => {}
            },
            _ => self.doubt(),
        }
    }

    /// Follows a header that may say where the body ends.
    fn framing(&mut self, line: &[u8]) {
        let (name, value) = line.split_at_checked(memchr(b':', line).unwrap_or_default()).unwrap_or_default();
        let trimmed = name.trim_ascii();
        let is = |known: &[u8]| trimmed.eq_ignore_ascii_case(known);
        if name != trimmed || is(b"transfer-encoding") || is(b"upgrade") {
            self.doubt();
        } else if is(b"content-length") {
            let digits = value.get(1..).unwrap_or_default().trim_ascii();
            let length = std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_digit));
            match (self.length, length.and_then(|length| length.parse().ok())) {
                (None, Some(length)) => self.length = Some(length),
                _ => self.doubt(),
            }
        }
    }
}

/// All up to the end of the line, or all if it does not end here.
fn to_line_end(bytes: &[u8]) -> &[u8] {
    memchr(b'\n', bytes).and_then(|end| bytes.get(..=end)).unwrap_or(bytes)
}

/// A byte as it may stand in a request line.
fn encoded(byte: u8) -> impl Iterator<Item = u8> {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0');
    let (text, length) =
        if byte.is_ascii() { ([byte, 0, 0], 1) } else { ([b'%', digit(byte >> 4), digit(byte & 15)], 3) };
    text.into_iter().take(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What actix reads of these parts, one after the other.
    fn read(parts: &[&[u8]]) -> (String, Part) {
        let mut lines = RequestLines::default();
        let mut all = Vec::new();
        for part in parts {
            let passed = lines.pass(part);
            all.extend_from_slice(&part[..passed]);
            all.extend_from_slice(&lines.rewrite(&part[passed..]));
        }
        (String::from_utf8_lossy(&all).into_owned(), lines.part)
    }

    const GET: &str = "GET /a?q=caf\u{e9} HTTP/1.1\r\nhost: x\r\nx: \u{e9}\r\n\r\n";
    const GOT: &str = "GET /a?q=caf%C3%A9 HTTP/1.1\r\nhost: x\r\nx: \u{e9}\r\n\r\n";
    const BODY: &str = "GET /\u{e9} HTTP/1.1\r\n\r\n";

    fn post(headers: &str) -> String {
        format!("POST /b HTTP/1.1\r\n{headers}\r\n{BODY}")
    }

    #[test]
    fn raw_bytes_of_a_request_line_are_percent_encoded_and_nothing_else_is_changed() {
        assert_eq!(read(&[GET.as_bytes()]), (GOT.to_owned(), Part::RequestLine));
        let latin = b"GET /caf\xe9 HTTP/1.1\r\n\r\n";
        assert_eq!(read(&[latin]).0, "GET /caf%E9 HTTP/1.1\r\n\r\n");
        let length = format!("Content-Length: {}\r\n", BODY.len());
        let all = format!("{GET}\r\n{}{GET}", post(&length));
        let got = format!("{GOT}\r\n{}{GOT}", post(&length));
        assert_eq!(read(&[all.as_bytes()]), (got.clone(), Part::RequestLine));
        let bytes: Vec<&[u8]> = all.as_bytes().chunks(1).collect();
        assert_eq!(read(&bytes), (got, Part::RequestLine), "byte by byte");
    }

    #[test]
    fn nothing_is_rewritten_once_the_end_of_a_request_is_in_doubt() {
        for headers in [
            "transfer-encoding: chunked\r\n",
            "Transfer-Encoding : x\r\n",
            "content-length: 1\r\ncontent-length: 1\r\n",
            "content-length: +1\r\n",
            "content-length:\r\n",
            "content-length: 1, 1\r\n",
            "content-length: 99999999999999999999\r\n",
            "content-length : 1\r\n",
            "a: b\r\n content-length: 1\r\n",
            "upgrade: websocket\r\n",
            "a: b\n",
        ] {
            let all = format!("{}{GET}", post(headers));
            assert_eq!(read(&[all.as_bytes()]), (all.clone(), Part::Unknown), "{headers:?}");
        }
        let tunnel = format!("CONNECT x:1 HTTP/1.1\r\n\r\n{GET}");
        assert_eq!(read(&[tunnel.as_bytes()]).0, tunnel);
        let endless = vec![b'a'; LONGEST_LINE + 1];
        assert_eq!(read(&[&endless]).1, Part::Unknown);
    }

    #[test]
    fn other_headers_that_begin_alike_leave_no_doubt() {
        let all = format!(
            "GET / HTTP/1.1\r\nContent-Type: a/b\r\nTE: x\r\ncontent-lengths: 5\r\nuser-agent: \u{e9}\r\n\r\n{GET}"
        );
        assert_eq!(read(&[all.as_bytes()]).1, Part::RequestLine);
        assert!(read(&[all.as_bytes()]).0.ends_with(GOT));
    }

    proptest! {
        #[test]
        fn requests_are_found_however_they_arrive(cuts in prop::collection::vec(0usize..400, 0..12)) {
            let length = format!("content-length: {}\r\n", BODY.len());
            let all = format!("{}{GET}{}{}", post(&length), post(&length), GET);
            let got = format!("{}{GOT}{}{}", post(&length), post(&length), GOT);
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(all.len())).chain([0, all.len()]).collect();
            cuts.sort_unstable();
            let parts: Vec<_> = cuts.windows(2).map(|cut| &all.as_bytes()[cut[0]..cut[1]]).collect();
            prop_assert_eq!(read(&parts), (got, Part::RequestLine));
        }

        #[test]
        fn ascii_passes_as_it_is(text in "[ -~\r\n]{0,300}") {
            prop_assert_eq!(read(&[text.as_bytes()]).0, text);
        }
    }
}
