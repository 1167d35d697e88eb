use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::LazyLock;

use actix_web::http::Method;
use domain::keys::Principal;
use foldhash::quality::RandomState;

static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// The key of a bucket: the client and the endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    client: Client,
    /// The hash of method and route: there may be many keys, and a hash is short.
    endpoint: u64,
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    /// An account or an API key.
    Known(Principal),
    Address(IpAddr),
}

impl Key {
    /// The key of a client's requests for a route. All paths without a route are one endpoint.
    pub(crate) fn new(client: Client, method: &Method, route: Option<&str>) -> Self {
        Self { client, endpoint: HASHER.hash_one(route.map(|route| (method.as_str(), route))) }
    }
}

impl Client {
    /// The client at an address. An IPv6 address counts as its /64: a provider gives one customer all of it.
    pub(crate) fn of_address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}
