use std::sync::LazyLock;

use actix_router::Quoter;
use memchr::memchr;

/// Decodes all but what would make another path: `%`, `/`, and `+`, which some take for a space.
static QUOTER: LazyLock<Quoter> = LazyLock::new(|| Quoter::new(b"", b"%/+"));

/// The path with its percent-encoded characters decoded; `None` if there are none to decode.
pub(super) fn decoded(path: &str) -> Option<String> {
    memchr(b'%', path.as_bytes())?;
    let bytes = QUOTER.requote(path.as_bytes())?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_but_for_what_would_make_another_path_of_it() {
        for (path, expected) in [
            ("/a/b", None),
            ("/a%2Fb%25%2b", None),
            ("/caf%C3%A9/%41%2F", Some("/caf\u{e9}/A%2F")),
            ("/%e9%4", Some("/\u{fffd}%4")),
        ] {
            assert_eq!(decoded(path).as_deref(), expected, "{path}");
        }
    }
}
