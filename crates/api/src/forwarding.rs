//! Who the client of a request is when it comes through a proxy.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR, X_FORWARDED_PROTO};

use crate::config::Network;

/// Who may name the client of a request, and in which header. No other header is believed, so that a client cannot
/// choose its address by one that the proxy passes on.
#[derive(Debug)]
pub struct Forwarding {
    header: HeaderName,
    trusted: Vec<Network>,
    /// Whether the log says already that a header is not believed.
    has_warned: AtomicBool,
}

impl Forwarding {
    /// Believes this header of these proxies.
    pub fn new(header: HeaderName, trusted: Vec<Network>) -> Self {
        Self { header, trusted, has_warned: AtomicBool::new(false) }
    }

    /// The last forwarded address that is not a trusted proxy. Addresses before it may be forged and are ignored.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let is_trusted = self.trusts(peer);
        self.warn_once(peer, is_trusted, headers);
        if is_trusted { self.believed(peer, headers).0 } else { peer }
    }

    /// Whether a trusted proxy says that the client came by https: the one that names the client in `Forwarded`, if that
    /// header is believed and says so, else the one that wrote the last `X-Forwarded-Proto`.
    pub(crate) fn is_https(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        if !self.trusts(peer) {
            return false;
        }
        let element = if self.header == FORWARDED { self.believed(peer, headers).1 } else { None };
        let last = || headers.get_all(X_FORWARDED_PROTO).last()?.to_str().ok()?.rsplit(',').next();
        let proto = element.and_then(|element| parameter(element, "proto")).or_else(last);
        proto.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// The client as trusted proxies name it, and the element of the header in which the outermost of them wrote. Each
    /// proxy adds one at the end.
    fn believed<'a>(&self, peer: IpAddr, headers: &'a HeaderMap) -> (IpAddr, Option<&'a str>) {
        let values: Vec<_> = headers.get_all(&self.header).filter_map(|value| value.to_str().ok()).collect();
        let elements = values.into_iter().rev().flat_map(|value| value.rsplit(',')).map(str::trim);
        let (mut client, mut written) = (peer, None);
        for element in elements {
            written = Some(element);
            let hop = if self.header == FORWARDED { parameter(element, "for") } else { Some(element) };
            let Some(address) = hop.and_then(parse_hop) else { break };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        (client, written)
    }

    /// Tells the log, once, of a header that names a client and is not believed: a proxy is missing in the configuration,
    /// or passes on what clients send.
    fn warn_once(&self, peer: IpAddr, is_trusted: bool, headers: &HeaderMap) {
        if self.has_warned.load(Ordering::Relaxed) {
            return;
        }
        let unbelieved = |name: &&HeaderName| {
            if **name == self.header { !is_trusted } else { [FORWARDED, X_FORWARDED_FOR].contains(*name) }
        };
        let Some(header) = headers.keys().find(unbelieved) else { return };
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            let why = if is_trusted {
                "only the header that server.client_address_header names is; the proxy should clear the other"
            } else {
                "its sender is not in server.trusted_proxies"
            };
            tracing::warn!(%peer, header = header.as_str(), "a header that names the client is not believed: {why}");
        }
    }
}

/// A parameter of an element of `Forwarded` (RFC 7239).
fn parameter<'a>(element: &'a str, wanted: &str) -> Option<&'a str> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"'))
    })
}

/// Parses `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(hop, |(address, _)| address);
    bare.parse().ok().or_else(|| bare.split_once(':').and_then(|(address, _)| address.parse().ok()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn believing(header: HeaderName) -> Forwarding {
        Forwarding::new(header, vec![Network::parse("10.0.0.0/8").unwrap()])
    }

    fn headers(sent: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    fn client_by(forwarding: &Forwarding, peer: &str, sent: &[(&'static str, &'static str)]) -> String {
        forwarding.client(peer.parse().unwrap(), &headers(sent)).to_string()
    }

    fn client_of(peer: &str, sent: (&'static str, &'static str)) -> String {
        client_by(&believing(X_FORWARDED_FOR), peer, &[sent])
    }

    #[test]
    fn only_a_trusted_proxy_may_name_the_client() {
        assert_eq!(client_of("192.0.2.9", ("x-forwarded-for", "1.2.3.4")), "192.0.2.9");
        assert_eq!(client_of("10.0.0.1", ("x-forwarded-for", "1.2.3.4")), "1.2.3.4");
    }

    #[test]
    fn addresses_before_the_last_untrusted_one_are_ignored() {
        assert_eq!(client_of("10.0.0.1", ("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.0.0.2")), "1.2.3.4");
        assert_eq!(client_of("10.0.0.1", ("x-forwarded-for", "1.2.3.4, nonsense")), "10.0.0.1");
        let twice = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.2.3.4")];
        assert_eq!(client_by(&believing(X_FORWARDED_FOR), "10.0.0.1", &twice), "1.2.3.4");
    }

    #[test]
    fn a_client_cannot_choose_its_address_by_a_header_that_is_not_the_configured_one() {
        let both = [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "1.2.3.4")];
        assert_eq!(client_by(&believing(X_FORWARDED_FOR), "10.0.0.1", &both), "1.2.3.4");
        assert_eq!(client_by(&believing(FORWARDED), "10.0.0.1", &both), "6.6.6.6");
        let alone = [("forwarded", "for=6.6.6.6"), ("x-real-ip", "6.6.6.6")];
        assert_eq!(client_by(&believing(X_FORWARDED_FOR), "10.0.0.1", &alone), "10.0.0.1");
        let real_ip = believing(HeaderName::from_static("x-real-ip"));
        let sent = [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "6.6.6.6"), ("x-real-ip", "1.2.3.4")];
        assert_eq!(client_by(&real_ip, "10.0.0.1", &sent), "1.2.3.4");
    }

    #[test]
    fn the_forwarded_header_is_read_if_it_is_the_configured_one() {
        let client = |peer: &str, value: &'static str| client_by(&believing(FORWARDED), peer, &[("forwarded", value)]);
        assert_eq!(client("10.0.0.1", "for=1.2.3.4;proto=https"), "1.2.3.4");
        assert_eq!(client("10.0.0.1", "proto=https; For=\"[2001:db8::1]:80\""), "2001:db8::1");
        assert_eq!(client("10.0.0.1", "for=6.6.6.6, for=unknown"), "10.0.0.1");
        assert_eq!(client("192.0.2.9", "for=1.2.3.4"), "192.0.2.9");
    }

    #[test]
    fn https_is_what_the_trusted_proxy_says_that_names_the_client() {
        let https = |header: HeaderName, peer: &str, sent: &[(&'static str, &'static str)]| {
            believing(header).is_https(peer.parse().unwrap(), &headers(sent))
        };
        for (value, is_https) in [
            ("for=1.2.3.4;proto=https", true),
            ("proto=HTTPS; for=unknown", true),
            ("proto=\"https\"", true),
            ("for=1.2.3.4;proto=http", false),
            ("for=1.2.3.4", false),
            // The outer of two proxies has the certificate.
            ("for=1.2.3.4;proto=https, for=10.0.0.2;proto=http", true),
            // What the client itself wrote.
            ("for=6.6.6.6;proto=https, for=1.2.3.4;proto=http", false),
            ("proto=https, for=1.2.3.4", false),
        ] {
            assert_eq!(https(FORWARDED, "10.0.0.1", &[("forwarded", value)]), is_https, "{value}");
            assert!(!https(FORWARDED, "192.0.2.9", &[("forwarded", value)]), "{value}");
            assert!(!https(X_FORWARDED_FOR, "10.0.0.1", &[("forwarded", value)]), "{value}");
        }
        let proto = |value| ("x-forwarded-proto", value);
        assert!(https(FORWARDED, "10.0.0.1", &[("forwarded", "for=1.2.3.4"), proto("https")]));
        assert!(!https(FORWARDED, "10.0.0.1", &[("forwarded", "for=1.2.3.4;proto=http"), proto("https")]));
        assert!(https(X_FORWARDED_FOR, "10.0.0.1", &[proto("http"), proto("http, https")]));
        assert!(!https(X_FORWARDED_FOR, "10.0.0.1", &[proto("https"), proto("http")]), "a line of the client");
        assert!(!https(X_FORWARDED_FOR, "192.0.2.9", &[proto("https")]));
    }
}
