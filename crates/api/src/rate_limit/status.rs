use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::problem::{Kind, Problem};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATUS: HeaderName = HeaderName::from_static("ratelimit");

/// What a client may still send to an endpoint, after the request that it has just sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RateLimitStatus {
    /// The rule, as the header says it.
    pub(super) policy: HeaderValue,
    pub(super) quota: u32,
    pub(super) period: Duration,
    pub(super) remaining: u32,
    /// How long until there is one request more, if there was none for this one.
    pub(super) wait: Option<Duration>,
    /// How long until the whole quota is there again.
    pub(super) full_in: Duration,
}

impl RateLimitStatus {
    /// The refusal of a request that exceeds the limit; `None` if it does not.
    pub(crate) fn refusal(&self) -> Option<Problem> {
        let wait = self.wait?;
        let (quota, share) = (self.quota, humantime::format_duration(self.period / self.quota.max(1)));
        let detail = format!("This endpoint takes {quota} requests from you at once, and then one more each {share}.");
        Some(Problem::new(Kind::RATE_LIMITED, detail).retry_after(wait))
    }

    /// Adds the header fields of draft-ietf-httpapi-ratelimit-headers.
    pub(crate) fn show(&self, headers: &mut HeaderMap) {
        headers.insert(POLICY, self.policy.clone());
        let seconds = self.full_in.as_secs() + u64::from(self.full_in.subsec_millis() > 0);
        let (mut remaining, mut reset) = (itoa::Buffer::new(), itoa::Buffer::new());
        let now = ["\"default\";r=", remaining.format(self.remaining), ";t=", reset.format(seconds)].concat();
        if let Ok(now) = HeaderValue::try_from(now) {
            headers.insert(STATUS, now);
        }
    }
}
