use std::net::IpAddr;

use actix_web::http::header::{FORWARDED, HeaderMap};

use super::Extract;
use crate::config::Network;
use crate::context::RequestContext;
use crate::problem::Problem;

/// The address of the client: the peer, or the address that a trusted proxy forwards.
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    pub(crate) fn of(context: &RequestContext) -> Self {
        Self(client(context.peer(), context.headers(), &context.state.trusted_proxies))
    }
}

impl Extract for ClientAddress {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        Ok(Self::of(context))
    }
}

/// The last forwarded address that is not a trusted proxy. Addresses before it may be forged and are ignored.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_proxy = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    if !is_proxy(&peer) {
        return peer;
    }
    let mut last = peer;
    for hop in hops(headers).iter().rev() {
        let Some(address) = parse_hop(hop) else { break };
        last = address;
        if !is_proxy(&address) {
            break;
        }
    }
    last
}

/// The forwarded addresses, the client first: those of `Forwarded`, else of `X-Forwarded-For`.
fn hops(headers: &HeaderMap) -> Vec<String> {
    let list = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(|hop| hop.trim().to_owned()).collect()
    };
    let forwarded = list(FORWARDED.as_str());
    if forwarded.is_empty() {
        return list("x-forwarded-for");
    }
    forwarded.iter().map(|hop| for_parameter(hop).unwrap_or_default().to_owned()).collect()
}

/// The `for` parameter of an element of `Forwarded` (RFC 7239).
fn for_parameter(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
    })
}

/// Parses `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(hop, |(address, _)| address);
    bare.parse().ok().or_else(|| bare.split_once(':').and_then(|(address, _)| address.parse().ok()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client_of(peer: &str, header: (&'static str, &'static str)) -> String {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static(header.0), HeaderValue::from_static(header.1));
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
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
    }

    #[test]
    fn the_forwarded_header_is_read_too() {
        assert_eq!(client_of("10.0.0.1", ("forwarded", "for=1.2.3.4;proto=https")), "1.2.3.4");
        assert_eq!(client_of("10.0.0.1", ("forwarded", "proto=https; For=\"[2001:db8::1]:80\"")), "2001:db8::1");
    }
}
