use std::net::IpAddr;

/// The address at the other end of a connection, with its text, which the log line of each request has.
pub(crate) struct Peer {
    pub(super) address: IpAddr,
    pub(super) text: String,
}

impl Peer {
    pub(crate) fn new(address: IpAddr) -> Self {
        Self { address, text: address.to_string() }
    }
}
