//! Sends what goes out: webhooks and mails.

use std::time::Duration;

use metrics::gauge;
use tokio::time::{Instant, sleep, timeout};

use super::{DueMails, Housekeeper};
use crate::metrics::WEBHOOK_LAG;

/// How often webhooks that are to be tried again are looked for.
const WEBHOOKS_EVERY: Duration = Duration::from_secs(1);

/// How long events are gathered before they become deliveries, so that a rush costs few transactions.
const WEBHOOKS_GATHER: Duration = Duration::from_millis(250);

/// How often mails that others have left, or that are to be tried again, are looked for.
const MAILS_EVERY: Duration = Duration::from_secs(1);

impl Housekeeper {
    /// Sends webhooks as the feed grows, and those that are to be tried again.
    pub(super) async fn send_webhooks(&self) {
        let Some(webhooks) = &self.webhooks else { return };
        let mut seen = 0;
        loop {
            // It is over when there is something new, or when the time is.
            let _ = timeout(WEBHOOKS_EVERY, self.sequencing.tail.beyond(seen)).await;
            if self.lifecycle.is_prepared() {
                let last = self.sequencing.tail.last();
                match Box::pin(webhooks.look(last)).await {
                    Ok(lag) => {
                        seen = last;
                        gauge!(WEBHOOK_LAG).set(u32::try_from(lag).unwrap_or(u32::MAX));
                    }
                    Err(error) => tracing::debug!(%error, "webhooks were not looked for; will try again"),
                }
            }
            sleep(WEBHOOKS_GATHER).await;
        }
    }

    /// Queues mails as the feed grows, however slow the mail server is.
    pub(super) async fn queue_mails(&self) {
        let Some(DueMails { mails, .. }) = &self.mails else { return };
        let (mut seen, mut watched) = (0, None::<Instant>);
        loop {
            // It is over when there is something new, or when the time is.
            let _ = timeout(MAILS_EVERY, self.sequencing.tail.beyond(seen)).await;
            if !self.lifecycle.is_prepared() {
                continue;
            }
            let last = self.sequencing.tail.last();
            match Box::pin(mails.queue_new(last)).await {
                Ok(()) => seen = last,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "mails were not queued; will try again");
                    sleep(MAILS_EVERY).await;
                }
            }
            if watched.is_none_or(|at| at.elapsed() >= self.every) {
                watched = Some(Instant::now());
                if let Err(error) = mails.watch_endpoints().await {
                    tracing::debug!(%error, "webhook endpoints were not looked at; will try again");
                }
            }
        }
    }

    /// Sends mails that are queued, those that somebody asks for, and those that are to be tried again.
    pub(super) async fn send_mails(&self) {
        let Some(DueMails { mails, due }) = &self.mails else { return };
        let mut sending = mails.sending();
        loop {
            let new = async {
                tokio::select! {
                    ended = sending.ended() => ended,
                    () = due() => Ok(()),
                }
            };
            let sent = match timeout(MAILS_EVERY, new).await.unwrap_or(Ok(())) {
                Ok(()) if self.lifecycle.is_prepared() => Box::pin(sending.send()).await,
                ended => ended,
            };
            if let Err(error) = sent {
                // What has failed at once is due again at once.
                tracing::warn!(error = &error as &dyn std::error::Error, "a mail was not sent; will try again");
                sleep(MAILS_EVERY).await;
            }
        }
    }
}
