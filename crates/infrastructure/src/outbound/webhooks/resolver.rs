use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use domain::webhooks::Networks;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Asks for the addresses of a name.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// The addresses, with any port.
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>>;
}

/// Asks the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Why nothing is sent to a name.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("it has no public address")]
pub(super) struct NotPublic;

/// Resolves names to addresses to which webhooks may be sent, and to no others. The client connects to exactly these,
/// so a name cannot have one address for the check and another for the connection.
pub(in crate::outbound) struct PublicOnly {
    pub lookup: Arc<dyn Lookup>,
    pub networks: Networks,
    pub has_tls: bool,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, networks, has_tls) = (self.lookup.clone(), self.networks.clone(), self.has_tls);
        Box::pin(async move {
            let mut found = lookup.addresses(name.as_str()).await?;
            found.retain(|address| networks.permit(address.ip(), has_tls));
            if found.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl fmt::Debug for PublicOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicOnly").field("has_tls", &self.has_tls).finish_non_exhaustive()
    }
}
