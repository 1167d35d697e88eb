use std::fmt::Write;
use std::net::SocketAddr;

use actix_web::http::StatusCode;
use actix_web::web::BytesMut;

use crate::middleware::new_request_id;
use crate::problem::{Kind, MEDIA_TYPE, Problem};

/// What is written instead of a response in which actix refuses a head: the same with a problem document and a request id.
/// `None` for any other response. The refusal is logged: no request is, because there is none.
pub(super) fn instead_of(bytes: &[u8], peer: Option<SocketAddr>) -> Option<BytesMut> {
    // The usual response is looked at no further.
    let status = bytes.strip_prefix(b"HTTP/1.")?.get(2..5).filter(|status| status.starts_with(b"4"))?;
    let head = std::str::from_utf8(bytes).ok()?.strip_suffix("\r\n\r\n")?;
    let (start, headers) = head.split_once("\r\n")?;
    let is_bare = headers.split("\r\n").any(|header| header.eq_ignore_ascii_case("content-length: 0"));
    if !is_bare || headers.contains("x-request-id") || headers.contains("\r\n\r\n") {
        return None;
    }
    let problem = problem(StatusCode::from_bytes(status).ok()?)?;
    let id = new_request_id();
    let id = id.to_str().unwrap_or_default();
    let status = problem.status().as_u16();
    tracing::warn!(request_id = id, peer = peer.map(|peer| peer.to_string()), status, "refused a request: {problem}");
    let document = problem.document("/", id);
    let mut text = format!("{start}\r\n");
    for header in headers.split("\r\n").filter(|header| !header.eq_ignore_ascii_case("content-length: 0")) {
        let _ = write!(text, "{header}\r\n");
    }
    let length = document.len();
    let _ = write!(
        text,
        "content-length: {length}\r\ncontent-type: {MEDIA_TYPE}\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\nx-request-id: {id}\r\n\r\n"
    );
    let mut written = BytesMut::from(text.as_bytes());
    written.extend_from_slice(&document);
    Some(written)
}

/// Why actix refuses a head.
fn problem(status: StatusCode) -> Option<Problem> {
    let (kind, detail) = match status {
        StatusCode::BAD_REQUEST => (Kind::MALFORMED, "The request line or a header is not what HTTP/1.1 allows."),
        StatusCode::REQUEST_TIMEOUT => {
            (Kind::BODY_TIMEOUT, "The request line and the headers took too long to arrive.")
        }
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            (Kind::HEADERS_TOO_LARGE, "The request line and the headers are too large.")
        }
        _ => return None,
    };
    Some(Problem::new(kind, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instead(text: &str) -> Option<String> {
        let written = instead_of(text.as_bytes(), "192.0.2.1:5".parse().ok())?;
        Some(String::from_utf8(written.to_vec()).unwrap())
    }

    #[test]
    fn a_bare_refusal_becomes_a_problem_document_with_a_request_id() {
        for (status, kind) in [
            ("400 Bad Request", "malformed-request"),
            ("408 Request Timeout", "request-timeout"),
            ("431 Request Header Fields Too Large", "headers-too-large"),
        ] {
            let bare = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\ndate: x\r\n\r\n");
            let written = instead(&bare).unwrap();
            let (head, body) = written.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\nconnection: close\r\ndate: x\r\n")), "{head}");
            assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
            let document: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(document["type"], format!("/problems/{kind}"));
            assert!(head.contains(&format!("x-request-id: {}", document["request_id"].as_str().unwrap())), "{head}");
        }
    }

    #[test]
    fn every_other_response_stays_as_it_is() {
        for other in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nx-request-id: a\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 400 Bad Request\r\n",
            "HTTP/1.1 4",
            "{\"a\": 4}",
            "",
        ] {
            assert_eq!(instead(other), None, "{other}");
        }
    }
}
