use std::fmt;

use url::Url;

/// What of an `Origin` header is allowed, as a browser sends it: lower case, ASCII, without the default port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigin {
    /// `*`: any origin.
    Any,
    /// One origin, such as `https://shop.example` or `capacitor://localhost`.
    Exact(String),
    /// Each domain below one: `https://` and `.shop.example` for `https://*.shop.example`.
    Below {
        /// The scheme, up to where the host begins.
        scheme: String,
        /// What the origin ends with, its port included.
        domain: String,
    },
}

/// Schemes whose pages never send an origin of their own.
const WITHOUT_ORIGIN: [&str; 8] = ["about", "blob", "data", "ftp", "javascript", "mailto", "ws", "wss"];

impl AllowedOrigin {
    /// Parses an origin and brings it into the form that browsers send.
    ///
    /// # Errors
    /// Why no browser would ever send it. The reason does not quote it, because it may hold a password.
    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        if raw == "*" {
            return Ok(Self::Any);
        }
        let (scheme, rest) = raw.split_once("://").ok_or("has no scheme, such as https://")?;
        let scheme = scheme.to_ascii_lowercase();
        let is_word = scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
        if !is_word {
            return Err("has a scheme that is none: letters, digits, +, - and . are allowed");
        }
        if WITHOUT_ORIGIN.contains(&scheme.as_str()) {
            return Err("has a scheme that no page has as its origin");
        }
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        match authority.chars().find(|c| matches!(c, '/' | '\\' | '?' | '#' | '@')) {
            Some('@') => return Err("has a user name, which is no part of an origin"),
            Some(_) => return Err("has a path or a query, which is no part of an origin"),
            None => {}
        }
        match authority.strip_prefix("*.") {
            Some(domain) => {
                let domain = host(&scheme, domain)?;
                if domain.is_empty() || domain.starts_with(['[', ':']) || is_address(&domain) {
                    return Err("needs a domain after *.");
                }
                Ok(Self::Below { scheme: format!("{scheme}://"), domain: format!(".{domain}") })
            }
            None => Ok(Self::Exact(format!("{scheme}://{}", host(&scheme, authority)?))),
        }
    }

    /// Whether it allows the origin that a browser has sent.
    pub fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(known) => known == origin,
            Self::Below { scheme, domain } => {
                let below = origin.strip_prefix(scheme.as_str()).and_then(|rest| rest.strip_suffix(domain.as_str()));
                below.is_some_and(|labels| labels.split('.').all(is_label))
            }
        }
    }
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Exact(origin) => f.write_str(origin),
            Self::Below { scheme, domain } => write!(f, "{scheme}*{domain}"),
        }
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

fn is_address(host: &str) -> bool {
    host.split(':').next().is_some_and(|host| host.parse::<std::net::Ipv4Addr>().is_ok())
}

/// Host and port as browsers write them: a domain in ASCII, an address in its usual form, no default port.
fn host(scheme: &str, authority: &str) -> Result<String, &'static str> {
    if authority.contains('*') {
        return Err("has a * that is neither alone nor the first part of a host, as in https://*.shop.example");
    }
    if authority.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("has white space in it");
    }
    // The app of a custom scheme may have no host.
    if authority.is_empty() && !matches!(scheme, "http" | "https") {
        return Ok(String::new());
    }
    let url = Url::parse(&format!("{scheme}://{authority}")).map_err(|error| match error {
        url::ParseError::EmptyHost => "has no host",
        url::ParseError::InvalidPort => "has a port that is none: 0 to 65535 are allowed",
        _ => "has a host that is none",
    })?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or("has no host")?.to_ascii_lowercase();
    Ok(url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(raw: &str) -> String {
        AllowedOrigin::parse(raw).unwrap_or_else(|why| panic!("{raw}: {why}")).to_string()
    }

    fn allows(allowed: &str, origin: &str) -> bool {
        AllowedOrigin::parse(allowed).unwrap().allows(origin)
    }

    #[test]
    fn an_origin_is_brought_into_the_form_that_browsers_send() {
        for (raw, sent) in [
            ("https://shop.example", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://shop.example:80/", "http://shop.example"),
            ("HTTPS://Shop.Example/", "https://shop.example"),
            ("https://shop.example:", "https://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("https://shop.example:0443", "https://shop.example"),
            ("http://shop.example:443", "http://shop.example:443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://[2001:DB8:0::1]:8080", "http://[2001:db8::1]:8080"),
            ("http://127.1", "http://127.0.0.1"),
            ("https://*.Shop.example:443/", "https://*.shop.example"),
            ("Capacitor://localhost", "capacitor://localhost"),
            ("app://", "app://"),
        ] {
            assert_eq!(written(raw), sent);
            if !raw.contains('*') {
                assert!(allows(raw, sent), "{raw}");
            }
        }
    }

    #[test]
    fn an_origin_that_no_browser_sends_is_refused_with_the_reason() {
        for (raw, reason) in [
            ("shop.example", "scheme"),
            ("//shop.example", "scheme"),
            ("null", "scheme"),
            ("ht tp://shop.example", "scheme"),
            ("wss://shop.example", "scheme"),
            ("https://shop.example/app", "path"),
            ("https://shop.example//", "path"),
            ("https://shop.example?a", "query"),
            ("https://shop.example#a", "query"),
            ("https://ann:secret@shop.example", "user name"),
            ("https://shop.example:99999", "port"),
            ("https://shop.example:x", "port"),
            ("https://", "host"),
            ("https:///", "host"),
            ("https://sh op.example", "white space"),
            ("https://shop.*", "*"),
            ("https://*", "*"),
            ("https://*shop.example", "*"),
            ("https://a.*.example", "*"),
            ("http://localhost:*", "*"),
            ("https://*.", "host"),
            ("https://*.127.0.0.1", "domain"),
            ("https://*.[::1]", "domain"),
            ("**", "scheme"),
        ] {
            let refused = AllowedOrigin::parse(raw).expect_err(raw);
            assert!(refused.contains(reason) && !refused.contains("secret"), "{raw}: {refused}");
        }
    }

    #[test]
    fn a_star_stands_for_any_origin_or_for_any_domain_below_one() {
        for origin in ["https://shop.example", "null", "capacitor://localhost"] {
            assert!(allows("*", origin), "{origin}");
        }
        let below = "https://*.shop.example";
        for good in ["https://a.shop.example", "https://a.b-1.shop.example", "https://xn--bcher-kva.shop.example"] {
            assert!(allows(below, good), "{good}");
        }
        for bad in [
            "https://shop.example",
            "https://.shop.example",
            "https://a..shop.example",
            "https://ashop.example",
            "http://a.shop.example",
            "https://a.shop.example:8443",
            "https://a.shop.example.evil.example",
            "https://evil.example/.shop.example",
            "https://evil.example:80.shop.example",
            "https://user@a.shop.example",
        ] {
            assert!(!allows(below, bad), "{bad}");
        }
        assert!(allows("http://*.localhost:3000", "http://shop.localhost:3000"));
        assert!(allows("app://*.shop.example", "app://a.shop.example"));
    }

    #[test]
    fn an_app_has_an_origin_of_its_own_scheme() {
        for origin in
            ["capacitor://localhost", "ionic://localhost", "tauri://localhost", "app://obsidian.md", "file://"]
        {
            assert!(allows(origin, origin) && !allows(origin, "https://localhost"), "{origin}");
        }
        assert!(allows("chrome-extension://abcdefghijklmnop/", "chrome-extension://abcdefghijklmnop"));
        assert!(!allows("capacitor://localhost", "capacitor://localhost.evil"));
    }
}
