use std::time::Duration;

use super::{Endpoint, EndpointStatus, Verdict};
use crate::UtcDateTime;

/// For how long all tries must have failed before an endpoint is switched off.
pub const SWITCHED_OFF_AFTER: Duration = Duration::from_hours(5 * 24);

/// How many of them there must have been.
pub const SWITCHED_OFF_FROM: i64 = 5;

/// How often the time of the last success is written at most, so that not every success writes.
const SUCCESS_EVERY: Duration = Duration::from_mins(1);

impl Endpoint {
    /// The endpoint after a try; `None` if there is nothing to write down.
    pub fn after_try(&self, verdict: Verdict, now: UtcDateTime) -> Option<Self> {
        match verdict {
            Verdict::Taken => {
                let is_known = self.failures == 0 && self.last_success_at.is_some_and(|at| now < at + SUCCESS_EVERY);
                let well = || Self { failures: 0, failing_since: None, last_success_at: Some(now), ..self.clone() };
                (!is_known).then(well)
            }
            Verdict::Gone => Some(self.failed(now).switched_off(now)),
            Verdict::Failed => {
                let failed = self.failed(now);
                let since = failed.failing_since.unwrap_or(now);
                let is_lost = failed.failures >= SWITCHED_OFF_FROM && now >= since + SWITCHED_OFF_AFTER;
                Some(if is_lost { failed.switched_off(now) } else { failed })
            }
        }
    }

    fn failed(&self, now: UtcDateTime) -> Self {
        let failing_since = self.failing_since.or(Some(now));
        Self { failures: self.failures.saturating_add(1), failing_since, ..self.clone() }
    }

    fn switched_off(self, now: UtcDateTime) -> Self {
        if self.is_active() { self.with_status(EndpointStatus::Off, now) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::super::endpoint::tests::{NOW, endpoint};
    use super::*;
    use crate::Version;

    /// The endpoint after tries that failed at these times.
    fn failing(hours: impl IntoIterator<Item = u64>) -> Endpoint {
        hours.into_iter().fold(endpoint(), |endpoint, hours| {
            endpoint.after_try(Verdict::Failed, NOW + Duration::from_hours(hours)).unwrap()
        })
    }

    #[test]
    fn an_endpoint_whose_tries_all_failed_for_five_days_is_switched_off_r171() {
        assert_eq!(failing([0, 1, 2, 3, 119]).status, EndpointStatus::Active, "an hour is missing");
        assert_eq!(failing([0, 1, 2, 120]).status, EndpointStatus::Active, "a try is missing");
        let off = failing([0, 1, 2, 3, 120]);
        assert_eq!((off.status, off.version, off.failures), (EndpointStatus::Off, Version(2), 5));
        assert_eq!(off.failing_since, Some(NOW));
    }

    #[test]
    fn one_success_begins_anew_r171() {
        let failed = failing([0, 1, 2, 3]);
        let well = failed.after_try(Verdict::Taken, NOW + Duration::from_hours(4)).unwrap();
        assert_eq!((well.failures, well.failing_since, well.version), (0, None, Version(1)));
        let again = well.after_try(Verdict::Failed, NOW + Duration::from_hours(200)).unwrap();
        assert_eq!((again.status, again.failures), (EndpointStatus::Active, 1));
    }

    #[test]
    fn a_receiver_that_is_gone_is_switched_off_at_once_and_a_paused_one_stays_paused_r170() {
        assert_eq!(endpoint().after_try(Verdict::Gone, NOW).unwrap().status, EndpointStatus::Off);
        let paused = endpoint().paused(NOW);
        assert_eq!(paused.after_try(Verdict::Gone, NOW).unwrap().status, EndpointStatus::Paused);
    }

    #[test]
    fn a_success_is_written_down_once_a_minute_r170() {
        let first = endpoint().after_try(Verdict::Taken, NOW).unwrap();
        assert_eq!(first.last_success_at, Some(NOW));
        assert_eq!(first.after_try(Verdict::Taken, NOW + Duration::from_secs(59)), None);
        assert!(first.after_try(Verdict::Taken, NOW + SUCCESS_EVERY).is_some());
    }
}
