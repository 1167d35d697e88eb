use std::sync::Arc;
use std::time::Instant;

use application::webhooks::{Webhooks, WebhooksParts};
use application::{Clock, Runner};
use async_trait::async_trait;
use domain::Uuid;
use domain::webhooks::{Answer, EndpointSecrets, Verdict, WebhookCall, WebhookQueries, WebhookSender};
use infrastructure::outbound::webhooks::{DerivedSecrets, HttpSender, SenderConfig, SystemLookup};
use metrics::{counter, histogram};

use super::{StartError, database_url};
use crate::config::Settings;
use crate::context::Hooks;
use crate::metrics::{WEBHOOK_TRIES, WEBHOOK_TRY_DURATION};
use crate::secret;

/// What routes need of webhooks, and what sends them. Without a key for secrets nothing is sent.
///
/// # Errors
/// If the key or the client cannot be made.
pub(super) fn webhooks(
    settings: &Settings,
    runner: &Runner,
    queries: &Arc<dyn WebhookQueries>,
    clock: &Arc<dyn Clock>,
) -> Result<(Hooks, Option<Webhooks>), StartError> {
    let networks = settings.webhooks.allow_networks.clone();
    let Some(key) = secrets_key(settings)? else { return Ok((Hooks { secrets: None, networks }, None)) };
    let secrets = DerivedSecrets::new(key.as_bytes());
    let timeout = settings.webhooks.timeout;
    let sender = HttpSender::new(SenderConfig {
        secrets: secrets.clone(),
        networks: networks.clone(),
        timeout,
        lookup: Arc::new(SystemLookup),
    })?;
    #[expect(clippy::disallowed_methods, reason = "identifies this process to other servers; no id of the shop")]
    let holder = Uuid::now_v7();
    let webhooks = Webhooks::new(WebhooksParts {
        runner: runner.clone(),
        queries: queries.clone(),
        sender: Arc::new(Measured(sender)),
        clock: clock.clone(),
        timeout,
        holder,
    });
    let secrets: Arc<dyn EndpointSecrets> = Arc::new(secrets);
    Ok((Hooks { secrets: Some(secrets), networks }, Some(webhooks)))
}

/// The configured key, or the one in a file beside the SQLite database; `None` if there is neither.
fn secrets_key(settings: &Settings) -> Result<Option<String>, StartError> {
    if let Some(key) = &settings.secrets_key {
        return Ok(Some(key.0.clone()));
    }
    let url = database_url(settings)?;
    let Some(file) = url.file().map(secret::key_beside) else { return Ok(None) };
    let key = secret::load_or_make(&file, secret::fresh);
    key.map(Some).map_err(|error| StartError::SecretsKey(file, error))
}

/// A sender whose tries are counted by outcome and timed.
struct Measured(HttpSender);

#[async_trait]
impl WebhookSender for Measured {
    async fn send(&self, call: &WebhookCall) -> Answer {
        let began = Instant::now();
        let answer = self.0.send(call).await;
        let outcome = match answer.verdict() {
            Verdict::Taken => "taken",
            Verdict::Gone => "gone",
            Verdict::Failed => "failed",
        };
        histogram!(WEBHOOK_TRY_DURATION).record(began.elapsed());
        counter!(WEBHOOK_TRIES, "outcome" => outcome).increment(1);
        answer
    }
}
