//! Entity tags (RFC 9110 §8.8.3): `"<version>-<hash of the body>"`.
//!
//! The hash is there because a representation can change without its resource: the price in a cart, `in_stock` of a
//! product. `If-Match` compares the version alone, `If-None-Match` the whole.

use std::fmt::Write;

use actix_web::http::header::{HeaderMap, HeaderName};
use domain::Version;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The tag of a body; without a version the hash stands alone.
pub(crate) fn etag(version: Option<i64>, body: &[u8]) -> String {
    let mut tag = String::from("\"");
    if let Some(version) = version {
        let _ = write!(tag, "{version}-");
    }
    for byte in Sha256::digest(body).iter().take(4) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// `*`, or a list of entity tags.
pub(crate) fn tags_schema() -> Value {
    json!({ "type": "string", "pattern": r#"^(\*|((W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)?)$"# })
}

/// The tags that a conditional request names.
pub(crate) enum Tags {
    /// `*`
    Any,
    List(Vec<Tag>),
}

pub(crate) struct Tag {
    pub(crate) weak: bool,
    opaque: String,
}

/// The header is not of the form that RFC 9110 gives it.
pub(crate) struct Malformed;

impl Tags {
    pub(crate) fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Malformed> {
        let values: Vec<_> =
            headers.get_all(name).map(|value| value.to_str()).collect::<Result<_, _>>().map_err(|_| Malformed)?;
        let text = values.join(",");
        match (values.is_empty(), text.trim()) {
            (true, _) => Ok(None),
            (false, "*") => Ok(Some(Self::Any)),
            (false, list) => parse_list(list).map(|tags| Some(Self::List(tags))).ok_or(Malformed),
        }
    }

    /// Whether `etag` is among them, by the weak comparison.
    pub(crate) fn names(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::List(tags) => tags.iter().any(|tag| Some(tag.opaque.as_str()) == etag.get(1..etag.len() - 1)),
        }
    }
}

impl Tag {
    /// The version in a tag of ours.
    pub(crate) fn version(&self) -> Option<Version> {
        let digits = self.opaque.split_once('-').map_or(self.opaque.as_str(), |(version, _)| version);
        digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit())).map(Version)
    }
}

/// `"a", W/"b"`, or nothing. A tag may hold commas, so the list cannot be split at them.
fn parse_list(list: &str) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            break;
        }
        let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |strong| (true, strong));
        let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
        let after = after.trim_start();
        if !(after.is_empty() || after.starts_with(',')) {
            return None;
        }
        tags.push(Tag { weak, opaque: opaque.to_owned() });
        rest = after;
    }
    Some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(list: &str) -> Option<Vec<Option<i64>>> {
        let tags = parse_list(list)?;
        Some(tags.iter().map(|tag| tag.version().map(|version| version.0)).collect())
    }

    #[test]
    fn the_version_is_read_from_a_tag_with_and_without_a_hash() {
        assert_eq!(versions(r#""3-0a1b2c3d", "4" ,W/"5-ff""#).unwrap(), [Some(3), Some(4), Some(5)]);
        assert_eq!(versions(r#""abc", "", "-1", "+1", "a,b""#).unwrap(), [None; 5]);
        assert_eq!((versions("").unwrap(), versions(" , ").unwrap()), (vec![], vec![]));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        for bad in ["3", "\"3", "\"3\" \"4\"", "w/\"3\"", "*, \"3\""] {
            assert!(parse_list(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_same_body_has_the_same_tag_and_another_another() {
        assert_eq!(etag(Some(1), b"a"), etag(Some(1), b"a"));
        assert_ne!(etag(Some(1), b"a"), etag(Some(1), b"b"));
        assert!(Tags::List(parse_list(r#"W/"1-ca978112""#).unwrap()).names(&etag(Some(1), b"a")));
    }
}
