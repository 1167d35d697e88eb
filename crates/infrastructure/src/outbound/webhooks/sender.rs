use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::webhooks::{Answer, AttemptAnswer, Networks, WebhookCall, WebhookSender};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::timeout;

use super::body::body;
use super::failure::{reason, retry_after};
use super::resolver::{Lookup, PublicOnly};
use super::secrets::DerivedSecrets;
use super::signature::headers;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long is waited for the text of an answer after its head, which says already what it means.
const TEXT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection is kept for the next webhook.
const IDLE: Duration = Duration::from_secs(30);

/// What a sender needs.
pub struct SenderConfig {
    /// The secrets that sign.
    pub secrets: DerivedSecrets,
    /// Networks that are reached although they are not public.
    pub networks: Networks,
    /// How long a try takes at most.
    pub timeout: Duration,
    /// Asks for the addresses of names.
    pub lookup: Arc<dyn Lookup>,
}

/// The client cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("the client that sends webhooks cannot be built")]
pub struct SenderError(#[from] reqwest::Error);

/// Sends webhooks over HTTP. It follows no redirect, uses no proxy, keeps no cookie, and connects to no address that is not
/// public.
pub struct HttpSender {
    /// For URLs that begin with `https://`.
    encrypted: Client,
    /// For others, which lead into the networks of the settings only.
    plain: Client,
    secrets: DerivedSecrets,
    networks: Networks,
    timeout: Duration,
}

impl HttpSender {
    /// A sender.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(config: SenderConfig) -> Result<Self, SenderError> {
        let SenderConfig { secrets, networks, timeout, lookup } = config;
        let client = |has_tls| {
            let resolver = PublicOnly { lookup: lookup.clone(), networks: networks.clone(), has_tls };
            Client::builder()
                .dns_resolver(Arc::new(resolver))
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .https_only(has_tls)
                .user_agent(concat!("Storekeeper/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(CONNECT_TIMEOUT.min(timeout))
                .timeout(timeout)
                .pool_idle_timeout(IDLE)
                .build()
        };
        Ok(Self { encrypted: client(true)?, plain: client(false)?, secrets, networks, timeout })
    }

    async fn try_once(&self, call: &WebhookCall, began: Instant) -> Answer {
        // A client asks the resolver for names only, and the settings may have changed since the URL was taken.
        if let Err(refused) = call.target.check(&self.networks) {
            return Answer::none(&format!("the URL {refused}"), began.elapsed());
        }
        let Ok(body) = body(&call.event) else { return Answer::none("the event cannot be written", began.elapsed()) };
        let client = if call.target.has_tls() { &self.encrypted } else { &self.plain };
        let mut request = client.post(call.target.as_url().clone()).header(CONTENT_TYPE, "application/json");
        for (name, value) in headers(call, &body, &self.secrets) {
            request = request.header(name, value);
        }
        let response = match request.body(body).send().await {
            Ok(response) => response,
            Err(error) => return Answer::none(&reason(error), began.elapsed()),
        };
        let is_permitted = |address: std::net::SocketAddr| self.networks.permit(address.ip(), call.target.has_tls());
        if !response.remote_addr().is_some_and(is_permitted) {
            return Answer::none("the answer came from an address that is not public", began.elapsed());
        }
        let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers(), call.at));
        let took = began.elapsed();
        let text = beginning(response).await;
        let body = (!text.is_empty()).then(|| AttemptAnswer::new(&text));
        Answer { status: Some(status), retry_after, error: None, body, took }
    }
}

/// The first bytes of an answer, or what has come of them in time. A short answer is read to its end, so that its connection
/// can be used again.
async fn beginning(mut response: Response) -> Vec<u8> {
    let mut text = Vec::new();
    let read = async {
        while text.len() < AttemptAnswer::MAX {
            let Ok(Some(chunk)) = response.chunk().await else { break };
            text.extend_from_slice(&chunk);
        }
    };
    // What came before the time was over is there.
    let _ = timeout(TEXT_TIMEOUT, read).await;
    text.truncate(AttemptAnswer::MAX);
    text
}

#[async_trait]
impl WebhookSender for HttpSender {
    async fn send(&self, call: &WebhookCall) -> Answer {
        let began = Instant::now();
        // The client has the same limit for a request, but not for everything around it.
        match timeout(self.timeout + TEXT_TIMEOUT, self.try_once(call, began)).await {
            Ok(answer) => answer,
            Err(_) => Answer::none("no answer in time", began.elapsed()),
        }
    }
}

impl fmt::Debug for HttpSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSender").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
