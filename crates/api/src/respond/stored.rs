//! How a response is stored with its idempotency key: a line of JSON with status, `Location` and `ETag`, then the body.

use serde::{Deserialize, Serialize};

/// A response as it is stored and sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredResponse {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// The status and headers of a stored response.
#[derive(Serialize, Deserialize)]
struct Head {
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
}

impl StoredResponse {
    /// The bytes to store.
    pub(crate) fn encode(self) -> Vec<u8> {
        let Self { status, location, etag, body } = self;
        // Numbers and strings can always be written.
        let mut bytes = serde_json::to_vec(&Head { status, location, etag }).unwrap_or_default();
        bytes.push(b'\n');
        bytes.extend(body);
        bytes
    }

    /// The response in bytes that [`Self::encode`] made; `None` in any others.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        // JSON escapes line breaks in strings, so the first one ends the head.
        let (head, body) = bytes.split_at_checked(bytes.iter().position(|byte| *byte == b'\n')?)?;
        let Head { status, location, etag } = serde_json::from_slice(head).ok()?;
        Some(Self { status, location, etag, body: body.get(1..)?.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_response_is_read_as_it_was_written_r61() {
        let bodies: [&[u8]; 4] = [b"", b"{\"id\":1}", b"line\nbreak\n", b"\n\xff\0"];
        for body in bodies {
            for text in [None, Some("/api/v1/orders/1".to_owned()), Some("\"1-0a\"\n\u{e9}".to_owned())] {
                let stored = StoredResponse { status: 201, location: text.clone(), etag: text, body: body.to_vec() };
                assert_eq!(StoredResponse::decode(&stored.clone().encode()), Some(stored));
            }
        }
    }

    #[test]
    fn the_form_of_stored_responses_stays_readable_by_the_next_release_r61() {
        let stored = b"{\"status\":201,\"location\":\"/api/v1/orders/1\",\"etag\":\"\\\"1-0a\\\"\"}\n{\"id\":1}";
        let (location, etag) = (Some("/api/v1/orders/1".to_owned()), Some("\"1-0a\"".to_owned()));
        let expected = StoredResponse { status: 201, location, etag, body: b"{\"id\":1}".to_vec() };
        assert_eq!(StoredResponse::decode(stored), Some(expected.clone()));
        assert_eq!(expected.encode(), stored);
        assert_eq!(StoredResponse::decode(b"{\"status\":204}\n").map(|stored| stored.status), Some(204));
    }

    #[test]
    fn other_bytes_are_no_stored_response_r61() {
        for bytes in [&b""[..], b"{\"id\":1}", b"\n", b"[]\n", b"{\"status\":70000}\n"] {
            assert_eq!(StoredResponse::decode(bytes), None);
        }
    }
}
