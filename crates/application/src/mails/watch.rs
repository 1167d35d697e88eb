use std::time::Duration;

use async_trait::async_trait;
use domain::mails::{Topic, day_of};
use domain::webhooks::{Endpoint, EndpointStatus};
use domain::{MailTemplate, UtcDateTime, Uuid};

use super::queue;
use crate::{Command, Ctx, Error, Tx};

/// How long before an endpoint loses events the shop is warned.
const WARNED: Duration = Duration::from_hours(7 * 24);

/// Tells the shop of a webhook endpoint that was switched off, and of one that will lose events, once each.
#[derive(Debug, Clone)]
pub struct WatchEndpoints {
    /// The endpoint, as it was read.
    pub endpoint: Endpoint,
    /// When the first event that it has not got happened; `None` if it is not behind.
    pub waits_since: Option<UtcDateTime>,
    /// How long an event is kept.
    pub keep_for: Duration,
}

impl WatchEndpoints {
    /// The alert about the endpoint that is due at `now`; `None` if there is none.
    fn topic(&self, now: UtcDateTime) -> Option<Topic> {
        let warned = WARNED.min(self.keep_for / 2);
        let (template, occasion) = match self.endpoint.status {
            EndpointStatus::Off => {
                let since = self.endpoint.failing_since.unwrap_or(self.endpoint.updated_at);
                (MailTemplate::AlertWebhookOff, Uuid::from_u128(since.unix_timestamp_nanos().unsigned_abs()))
            }
            EndpointStatus::Active if self.waits_since.is_some_and(|at| at + self.keep_for < now + warned) => {
                (MailTemplate::AlertWebhookBehind, day_of(self.waits_since?))
            }
            EndpointStatus::Active | EndpointStatus::Paused => return None,
        };
        let (occasion, subject_id) = (Some(occasion), self.endpoint.id.0);
        Some(Topic { template, occasion, subject_id, customer_id: None, recipient: None })
    }

    /// Whether there is something to tell.
    pub fn is_worth_a_mail(&self, now: UtcDateTime) -> bool {
        self.topic(now).is_some()
    }
}

#[async_trait]
impl Command for WatchEndpoints {
    type Output = ();
    const NAME: &'static str = "mail.watch_endpoints";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        match self.topic(ctx.now) {
            Some(topic) => queue(tx, ctx, topic).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOW;
    use crate::webhooks::testing::endpoint;

    const DAY: Duration = Duration::from_hours(24);

    fn announced(status: EndpointStatus, waits: Option<Duration>) -> Option<MailTemplate> {
        let endpoint = Endpoint { status, ..endpoint() };
        let watch = WatchEndpoints { endpoint, waits_since: waits.map(|waits| NOW - waits), keep_for: DAY * 90 };
        watch.topic(NOW).map(|topic| topic.template)
    }

    #[test]
    fn the_shop_hears_of_an_endpoint_that_is_off_or_a_week_before_it_loses_events_r157_r171_r174() {
        assert_eq!(announced(EndpointStatus::Off, None), Some(MailTemplate::AlertWebhookOff));
        assert_eq!(announced(EndpointStatus::Active, Some(DAY * 84)), Some(MailTemplate::AlertWebhookBehind));
        assert_eq!(announced(EndpointStatus::Active, Some(DAY * 82)), None);
        assert_eq!(announced(EndpointStatus::Active, None), None);
        assert_eq!(announced(EndpointStatus::Paused, Some(DAY * 89)), None);
    }
}
