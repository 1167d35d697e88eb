//! The known key that a wrong one is meant to be.

use strsim::damerau_levenshtein;

/// The most letters that a key may be off.
const MAX_DISTANCE: usize = 2;

/// The key that somebody meant, whatever separators it was written with: `server_bind` and `server.bnid` are `server.bind`,
/// and so is `bind` alone.
pub(crate) fn nearest<'a>(written: &str, known: &(impl Iterator<Item = &'a str> + Clone)) -> Option<&'a str> {
    let wanted = letters(written);
    let alone = || known.clone().find(|key| letters(key.rsplit('.').next().unwrap_or_default()) == wanted);
    let near = || {
        let distances = known.clone().map(|key| (damerau_levenshtein(&letters(key), &wanted), key));
        distances.filter(|(distance, _)| *distance <= MAX_DISTANCE).min().map(|(_, key)| key)
    };
    near().or_else(alone)
}

fn letters(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_recognised() {
        let known = ["server.bind", "server.workers", "auth.jwt_secret", "database.url", "log.level"];
        for (written, meant) in [
            ("server_bind", Some("server.bind")),
            ("SERVER_BIND", Some("server.bind")),
            ("server.bnid", Some("server.bind")),
            ("sever.binds", Some("server.bind")),
            ("jwt_secret", Some("auth.jwt_secret")),
            ("url", Some("database.url")),
            ("version", None),
            ("service.host", None),
        ] {
            assert_eq!(nearest(written, &known.into_iter()), meant, "{written}");
        }
    }
}
