use std::net::IpAddr;

use super::Extract;
use crate::context::RequestContext;
use crate::problem::Problem;

/// The address of the client: the peer, or the address that a trusted proxy forwards.
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    pub(crate) fn of(context: &RequestContext) -> Self {
        Self(context.state.forwarding.client(context.peer(), context.headers()))
    }
}

impl Extract for ClientAddress {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        Ok(Self::of(context))
    }
}
