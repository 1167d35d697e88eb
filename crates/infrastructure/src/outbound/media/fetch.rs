//! Fetches pictures from where other shops keep them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::media::{MOST_BYTES, NotFetched, PictureSource};
use domain::webhooks::Networks;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::timeout;
use url::{Host, Url};

use crate::outbound::webhooks::{Lookup, PublicOnly, reason};

/// How often an answer may lead somewhere else.
const REDIRECTS: usize = 3;

/// What fetching needs.
pub struct FetcherConfig {
    /// Networks that are reached although they are not public.
    pub networks: Networks,
    /// How long a picture may take, with all redirects.
    pub timeout: Duration,
    /// Asks for the addresses of names.
    pub lookup: Arc<dyn Lookup>,
}

/// The client cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("the client that fetches pictures cannot be built")]
pub struct FetcherError(#[from] reqwest::Error);

/// Fetches pictures over HTTP, from public addresses and the networks of the settings. It uses no proxy, keeps no cookie, and
/// looks at each redirect as at the first URL.
pub struct HttpPictures {
    client: Client,
    networks: Networks,
    timeout: Duration,
}

impl HttpPictures {
    /// What fetches pictures.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(config: FetcherConfig) -> Result<Self, FetcherError> {
        let FetcherConfig { networks, timeout, lookup } = config;
        // A picture is public, so that it may come without TLS; never from an address that is not.
        let resolver = PublicOnly { lookup, networks: networks.clone(), has_tls: true };
        let client = Client::builder()
            .dns_resolver(Arc::new(resolver))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("Storekeeper/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(timeout)
            .timeout(timeout)
            .build()?;
        Ok(Self { client, networks, timeout })
    }

    async fn follow(&self, url: &str) -> Result<Vec<u8>, NotFetched> {
        let mut url = Url::parse(url.trim()).map_err(|_| refused("it must begin with https:// or http://"))?;
        for _ in 0..=REDIRECTS {
            self.check(&url)?;
            let response = self.client.get(url.clone()).send().await.map_err(|error| refused(reason(error)))?;
            if !response.remote_addr().is_some_and(|address| self.networks.permit(address.ip(), true)) {
                return Err(refused("it comes from an address that is not public"));
            }
            let status = response.status();
            if status.is_redirection() {
                let next = response.headers().get(LOCATION).and_then(|next| next.to_str().ok());
                url = next.and_then(|next| url.join(next).ok()).ok_or_else(|| refused("it leads nowhere"))?;
            } else if status.is_success() {
                return whole(response).await;
            } else {
                return Err(refused(format!("it is answered with {}", status.as_u16())));
            }
        }
        Err(refused(format!("it leads somewhere else more than {REDIRECTS} times")))
    }

    /// Checks a URL before anything is sent. The client asks the resolver for names only.
    fn check(&self, url: &Url) -> Result<(), NotFetched> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(refused("it must begin with https:// or http://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it must have no user and no password"));
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(refused("it must name a host")),
        };
        if self.networks.permit(address, true) { Ok(()) } else { Err(refused("it has no public address")) }
    }
}

/// The body of an answer.
async fn whole(mut response: Response) -> Result<Vec<u8>, NotFetched> {
    let too_large = || refused(format!("it has more than {MOST_BYTES} bytes"));
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    if response.content_length().is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| refused(reason(error)))? {
        if bytes.len() + piece.len() > MOST_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn refused(why: impl Into<String>) -> NotFetched {
    NotFetched(why.into())
}

#[async_trait]
impl PictureSource for HttpPictures {
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, NotFetched> {
        let late = |_| refused(format!("it does not come within {} seconds", self.timeout.as_secs()));
        timeout(self.timeout, self.follow(url)).await.map_err(late)?
    }
}

impl fmt::Debug for HttpPictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpPictures").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
