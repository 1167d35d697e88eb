//! How many requests a client may send.

mod codes;
mod key;
mod status;
mod store;

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_governor::governor::clock::DefaultClock;
use actix_governor::governor::middleware::StateInformationMiddleware;
use actix_governor::governor::{Quota, RateLimiter};
use actix_web::http::header::HeaderValue;

use self::store::Store;
use crate::config::RateLimitSettings;

pub use codes::CodeGuesses;
pub(crate) use key::{Client, Key};
pub(crate) use status::RateLimitStatus;

/// The most buckets of each of the two limits, 200 MB each. Beyond it, those that are full again are forgotten, and at last
/// all.
const MOST: usize = 2_000_000;

/// The number of buckets is checked once in so many requests.
const LOOK: usize = 4096;

/// What each client may still send to each endpoint.
///
/// The rule is GCRA: there is a bucket for each client and endpoint, full at first, and it fills up evenly. So a client
/// may send all `requests` at once, and then one more each `period / requests`: in no period more than twice as many less
/// one, which the policy says. A full bucket is the same as none, and is forgotten.
pub struct RateLimits {
    everybody: Buckets,
    staff: Buckets,
}

struct Buckets {
    limiter: RateLimiter<Key, Store, DefaultClock, StateInformationMiddleware>,
    taken: AtomicUsize,
    most: usize,
    quota: Quota,
    period: Duration,
    policy: HeaderValue,
}

impl RateLimits {
    /// Limits for everybody, and others for staff and API keys.
    pub fn new(settings: &RateLimitSettings) -> Self {
        let buckets = |requests| Buckets::new(requests, settings.period, MOST);
        Self { everybody: buckets(settings.requests), staff: buckets(settings.admin_requests) }
    }

    /// Takes a request out of a bucket, if there is one left in it.
    pub(crate) fn take(&self, key: &Key, is_staff: bool) -> RateLimitStatus {
        if is_staff { self.staff.take(key) } else { self.everybody.take(key) }
    }

    /// Forgets the clients whose buckets are full again.
    pub(crate) fn forget_idle(&self) {
        for Buckets { limiter, .. } in [&self.everybody, &self.staff] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

impl Buckets {
    fn new(requests: u32, period: Duration, buckets: usize) -> Self {
        let requests = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
        // The configuration allows nothing that is less than a nanosecond a request.
        let quota = Quota::with_period(period / requests.get())
            .map_or_else(|| Quota::per_second(requests), |quota| quota.allow_burst(requests));
        let most = u64::from(requests.get()) * 2 - 1;
        let policy = format!("\"default\";q={requests}, \"period\";q={most};w={}", period.as_secs());
        // It is ASCII, so the error cannot be.
        let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(""));
        Self {
            limiter: RateLimiter::new(quota, Store::new(buckets), DefaultClock::default()),
            taken: AtomicUsize::new(0),
            most: buckets,
            quota,
            period,
            policy,
        }
    }

    fn take(&self, key: &Key) -> RateLimitStatus {
        self.make_room();
        let quota = self.quota.burst_size().get();
        let interval = self.quota.replenish_interval();
        let (remaining, wait, full_in) = match self.limiter.check_key(key) {
            Ok(left) => {
                let remaining = left.remaining_burst_capacity();
                (remaining, None, interval * (quota - remaining))
            }
            Err(refused) => {
                let wait = refused.wait_time_from(self.now());
                (0, Some(wait), wait + interval * (quota - 1))
            }
        };
        RateLimitStatus { policy: self.policy.clone(), quota, period: self.period, remaining, wait, full_in }
    }

    /// Forgets buckets if there are too many.
    fn make_room(&self) {
        let is_due = self.taken.fetch_add(1, Ordering::Relaxed).is_multiple_of(LOOK);
        if is_due && self.limiter.len() > self.most {
            self.limiter.retain_recent();
            tracing::warn!(left = self.limiter.len(), "more clients came than the rate limiter remembers");
        }
    }

    fn now(&self) -> <DefaultClock as actix_governor::governor::clock::Clock>::Instant {
        actix_governor::governor::clock::Clock::now(self.limiter.clock())
    }
}

#[cfg(test)]
mod tests;
