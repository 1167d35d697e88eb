//! Entity tags (RFC 9110 §8.8.3): `"<version>-<hash of the body>"`.
//!
//! The hash is there because a representation can change without its resource: the price in a cart, `in_stock` of a
//! product. `If-Match` compares the version alone, `If-None-Match` the whole.
//!
//! A proxy that compresses answers makes another tag of ours: nginx the weak form `W/"3-0a1b2c3d"`, Apache and Jetty
//! `"3-0a1b2c3d-gzip"`. A tag of ours names a version, whatever form the proxy has given to it, so both headers take
//! these forms as our own (RFC 9110 would not let `If-Match` take a weak tag).

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

pub(crate) struct Tag(String);

/// The codings that proxies append to the tag of a response that they compress, after one or more of `-`, `;` and `:`.
const CODINGS: [&str; 4] = ["gzip", "br", "zstd", "deflate"];

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
        let opaque = etag.get(1..etag.len() - 1).unwrap_or_default();
        match self {
            Self::Any => true,
            Self::List(tags) => tags.iter().any(|tag| tag.is_of(opaque)),
        }
    }
}

impl Tag {
    /// Whether it is the tag `opaque`, or that tag with a coding that a proxy has appended.
    fn is_of(&self, opaque: &str) -> bool {
        self.0.strip_prefix(opaque).is_some_and(|mark| {
            let coding = mark.trim_start_matches(['-', ';', ':']);
            mark.is_empty() || (coding.len() < mark.len() && CODINGS.contains(&coding))
        })
    }

    /// The version in a tag of ours.
    pub(crate) fn version(&self) -> Option<Version> {
        let digits = self.0.split_once(['-', ';', ':']).map_or(self.0.as_str(), |(version, _)| version);
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
        let quoted = rest.strip_prefix("W/").unwrap_or(rest);
        let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
        let after = after.trim_start();
        if !(after.is_empty() || after.starts_with(',')) {
            return None;
        }
        tags.push(Tag(opaque.to_owned()));
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
    fn a_tag_that_a_compressing_proxy_has_marked_is_still_ours() {
        let names = |list: &str| Tags::List(parse_list(list).unwrap()).names("\"3-0a1b2c3d\"");
        for ours in [r#""3-0a1b2c3d-gzip""#, r#"W/"3-0a1b2c3d""#, r#""3-0a1b2c3d--gzip""#, r#"W/"3-0a1b2c3d;br""#] {
            assert!(names(ours), "{ours}");
            assert_eq!(versions(ours).unwrap(), [Some(3)], "{ours}");
        }
        for other in [r#""3-0a1b2c3dgzip""#, r#""3-0a1b2c3d-gzip-x""#, r#""3-0a1b2c3d-""#, r#""3-0a1b""#, r#""3""#] {
            assert!(!names(other), "{other}");
        }
    }

    #[test]
    fn a_value_that_is_no_list_of_tags_is_refused() {
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
