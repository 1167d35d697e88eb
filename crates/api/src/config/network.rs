use std::net::IpAddr;

use ipnet::IpNet;

/// A network in CIDR notation, such as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Parses an address with or without a prefix length. `None` if it is neither.
    pub fn parse(raw: &str) -> Option<Self> {
        let address = || raw.parse::<IpAddr>().map(IpNet::from);
        raw.parse().or_else(|_| address()).ok().map(Self)
    }

    /// The address with the length of its prefix.
    pub const fn net(self) -> IpNet {
        self.0
    }

    /// Whether an address is in the network. An IPv4 address that is written as an IPv6 address (`::ffff:192.0.2.1`)
    /// counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        Network::parse(network).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_contains_the_addresses_with_its_prefix() {
        assert!(contains("10.0.0.0/8", "10.255.1.2") && !contains("10.0.0.0/8", "11.0.0.1"));
        assert!(contains("192.0.2.1", "192.0.2.1") && !contains("192.0.2.1", "192.0.2.2"));
        assert!(contains("0.0.0.0/0", "203.0.113.7") && contains("10.0.0.0/8", "::ffff:10.1.1.1"));
        assert!(contains("2001:db8::/32", "2001:db8:1::1") && !contains("::1", "::2") && contains("::/0", "::1"));
    }

    #[test]
    fn an_invalid_network_is_refused() {
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/-1", "::/129", "proxy.example"] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }
}
