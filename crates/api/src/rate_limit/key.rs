use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};

use actix_governor::KeyExtractor;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use domain::accounts::AccountId;

use crate::extract::{ClientAddress, access};
use crate::middleware::About;
use crate::problem::Problem;

/// Whose bucket, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    client: Client,
    /// The hash of method and route: there may be many keys, and a hash is short.
    endpoint: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Client {
    Account(AccountId),
    Address(IpAddr),
}

/// Finds the key of a request.
///
/// The client is the account of a good token, else the address. Whatever has no route is one endpoint, and there the
/// client is always the address: to look for routes makes no keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAndEndpoint;

impl KeyExtractor for ClientAndEndpoint {
    type Key = Key;
    type KeyExtractionError = Problem;

    fn extract(&self, request: &ServiceRequest) -> Result<Key, Problem> {
        let route = About::of(request).and_then(|about| about.route()).filter(|_| is_usual(request.method()));
        let account = access(request.request()).filter(|_| route.is_some());
        let client = account.map_or_else(
            || Client::Address(network(ClientAddress::of(request.request()).0)),
            |access| Client::Account(access.account_id),
        );
        Ok(Key::new(client, request.method(), route))
    }
}

impl Key {
    fn new(client: Client, method: &Method, route: Option<&str>) -> Self {
        let mut endpoint = DefaultHasher::new();
        route.map(|route| (method.as_str(), route)).hash(&mut endpoint);
        Self { client, endpoint: endpoint.finish() }
    }

    /// The key of an address that asks for a route.
    #[cfg(test)]
    pub(super) fn of_address(address: IpAddr, method: &Method, route: Option<&str>) -> Self {
        Self::new(Client::Address(network(address)), method, route)
    }
}

/// Whether it is one of HTTP's own methods: anybody can make up more.
fn is_usual(method: &Method) -> bool {
    [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE, Method::OPTIONS].contains(method)
}

/// The address, or of an IPv6 address the /64 that belongs to one customer of a provider, who may use all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}
