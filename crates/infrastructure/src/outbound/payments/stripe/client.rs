//! One call of Stripe's API, and what its answer means.

use std::fmt;
use std::time::Duration;

use domain::payments::ProviderError;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::objects::List;
use crate::outbound::payments::failure::Failure;

/// The version of Stripe's API that the objects here are of.
const VERSION: &str = "2026-04-22.dahlia";
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The most that Stripe gives in one page of a list.
const PAGE: &str = "100";

/// The error code if Stripe refuses the API key of the shop.
const KEY_REFUSED: &str = "key_refused";

/// The parameters of a call.
pub(super) type Parameters = Vec<(String, String)>;

/// Calls Stripe. `Debug` shows no key.
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    key: SecretString,
}

impl Client {
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(base: Url, key: SecretString, timeout: Duration) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(timeout)
            .redirect(Policy::none())
            .build()?;
        Ok(Self { http, base, key })
    }

    /// Reads something.
    pub async fn get<T: DeserializeOwned>(&self, path: &[&str], parameters: &Parameters) -> Result<T, Failure> {
        let mut url = self.url(path);
        url.query_pairs_mut().extend_pairs(parameters);
        self.send(self.http.get(url)).await
    }

    /// Changes something, once for each key.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        key: &str,
        parameters: &Parameters,
    ) -> Result<T, Failure> {
        let request = self.http.post(self.url(path)).header("Idempotency-Key", key).form(parameters);
        self.send(request).await
    }

    /// Reads the pages of a list, newest first, up to the first item that `is_last` picks.
    pub async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        parameters: &Parameters,
        id: impl Fn(&T) -> &str,
        mut is_last: impl FnMut(&T) -> bool,
    ) -> Result<Vec<T>, Failure> {
        let mut items: Vec<T> = Vec::new();
        loop {
            let mut page = parameters.clone();
            page.push(("limit".to_owned(), PAGE.to_owned()));
            page.extend(items.last().map(|last| ("starting_after".to_owned(), id(last).to_owned())));
            let List { data, has_more } = self.get(&[path], &page).await?;
            let is_done = !has_more || data.is_empty() || data.iter().any(&mut is_last);
            items.extend(data);
            if is_done {
                return Ok(items);
            }
        }
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        // A URL of HTTP has a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path);
        }
        url
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let request = request.bearer_auth(self.key.expose_secret()).header("Stripe-Version", VERSION);
        let answered = async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Ok::<_, reqwest::Error>((status, headers, response.bytes().await?))
        };
        match answered.await {
            Ok((status, headers, body)) => read(status, &headers, &body),
            Err(error) => {
                let error = error.without_url();
                let (code, text) = if error.is_timeout() {
                    ("timeout", "Stripe did not answer in time")
                } else {
                    ("connection", "Stripe cannot be reached, or its answer was lost")
                };
                tracing::warn!(error = &error as &dyn std::error::Error, "{text}");
                Err(Failure::unknown(code, text))
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// The body of a refusal.
#[derive(Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    r#type: String,
    code: Option<String>,
    decline_code: Option<String>,
    message: Option<String>,
}

/// What an answer means. Only a 2xx that can be read is a yes, and only Stripe's own 4xx is a no. Anything else leaves
/// open what was done.
fn read<T: DeserializeOwned>(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<T, Failure> {
    let refusal = || serde_json::from_slice::<Refusal>(body).ok().map(|refusal| refusal.error);
    match status {
        200..=299 => serde_json::from_slice(body).map_err(|error| {
            // Without what it says, which may be a secret.
            tracing::warn!(line = error.line(), column = error.column(), "Stripe's answer cannot be read");
            Failure::kept("unreadable", "Stripe's answer cannot be read")
        }),
        400..=499 if !matches!(status, 408 | 409 | 429) => Err(match refusal() {
            // The key was used with other parameters, and that request may have been carried out.
            Some(reason) if reason.r#type == "idempotency_error" => {
                Failure::kept("idempotency_error", "Stripe knows the key of another request")
            }
            Some(reason) => refused(status, reason),
            None => Failure::unknown(&format!("http_{status}"), "somebody else answered in Stripe's place"),
        }),
        _ => {
            let text = refusal().and_then(|reason| reason.message).unwrap_or_default();
            let error = ProviderError::new(&format!("http_{status}"), &text);
            Err(Failure::Unknown { retry_after: retry_after(headers), is_kept: status == 500, error })
        }
    }
}

/// The failure that a 4xx means. A refused API key (401, 403) leaves the outcome unknown, so the operation is tried
/// again once the key works.
fn refused(status: u16, reason: Reason) -> Failure {
    let text = reason.message.unwrap_or_else(|| format!("Stripe refused with status {status}"));
    if matches!(status, 401 | 403) {
        return Failure::unknown(KEY_REFUSED, &text);
    }
    let code = reason.decline_code.or(reason.code).unwrap_or(reason.r#type);
    Failure::Refused { error: ProviderError::new(&code, &text), is_retryable: status == 402 }
}

/// How long to wait before the next request, by the header `Retry-After`.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn answer(status: u16, body: &str) -> Result<Value, Failure> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, "7".parse().unwrap())]);
        read(status, &headers, body.as_bytes())
    }

    #[test]
    fn only_an_answer_that_can_be_read_is_a_yes_r90() {
        assert_eq!(answer(200, r#"{"id":"pi_1"}"#).unwrap()["id"], "pi_1");
        for (status, body) in [(200, ""), (200, "<html>"), (204, ""), (201, r#"{"id":"#)] {
            let failure = answer(status, body).unwrap_err();
            assert!(matches!(failure, Failure::Unknown { is_kept: true, .. }), "{status} {body}: {failure:?}");
        }
    }

    #[test]
    fn only_a_refusal_of_stripe_is_a_no_r90() {
        let declined = r#"{"error":{"type":"card_error","code":"card_declined","decline_code":"expired_card","message":"Your card has expired."}}"#;
        let Err(Failure::Refused { error, is_retryable }) = answer(402, declined) else { panic!() };
        assert_eq!(
            (error.code.as_str(), error.text.as_str(), is_retryable),
            ("expired_card", "Your card has expired.", true)
        );
        let refunded = r#"{"error":{"type":"invalid_request_error","code":"charge_already_refunded"}}"#;
        let Err(Failure::Refused { error, is_retryable }) = answer(400, refunded) else { panic!() };
        assert_eq!((error.code.as_str(), is_retryable), ("charge_already_refunded", false));
        assert_eq!(error.text.as_str(), "Stripe refused with status 400");
        for (status, body) in [(403, "<html>blocked by a proxy</html>"), (404, "{}"), (400, "")] {
            let failure = answer(status, body).unwrap_err();
            assert!(matches!(failure, Failure::Unknown { is_kept: false, .. }), "{status} {body}: {failure:?}");
        }
    }

    #[test]
    fn a_refusal_of_the_keys_of_the_shop_decides_nothing_about_a_payment_r90_r95() {
        let body = r#"{"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}}"#;
        for status in [401, 403] {
            let Err(Failure::Unknown { retry_after: None, is_kept: false, error }) = answer(status, body) else {
                panic!("{status}")
            };
            assert_eq!((error.code.as_str(), error.text.as_str()), ("key_refused", "Invalid API Key provided"));
        }
    }

    #[test]
    fn a_key_that_was_used_otherwise_may_have_done_something_r90() {
        let body =
            r#"{"error":{"type":"idempotency_error","message":"Keys can only be used with the same parameters"}}"#;
        assert!(matches!(answer(400, body), Err(Failure::Unknown { is_kept: true, .. })));
    }

    #[test]
    fn an_answer_that_leaves_the_outcome_open_is_no_refusal_r90() {
        let body = r#"{"error":{"type":"api_error","message":"later"}}"#;
        for status in [302, 408, 409, 429, 500, 502, 503, 599] {
            let Err(Failure::Unknown { retry_after, is_kept, error }) = answer(status, body) else {
                panic!("{status}")
            };
            assert_eq!((retry_after, is_kept), (Some(Duration::from_secs(7)), status == 500), "{status}");
            assert_eq!((error.code.as_str(), error.text.as_str()), (&*format!("http_{status}"), "later"));
        }
    }

    #[test]
    fn a_reference_is_one_segment_of_the_path_whatever_it_holds_r95() {
        let base = Url::parse("https://api.stripe.com").unwrap();
        let client = Client::new(base, "sk_test_secret".into(), Duration::from_secs(1)).unwrap();
        let url = client.url(&["payment_intents", "pi/../1?x#y", "capture"]);
        assert_eq!(url.as_str(), "https://api.stripe.com/v1/payment_intents/pi%2F..%2F1%3Fx%23y/capture");
        assert!(!format!("{client:?}").contains("secret"));
    }
}
