//! Runs background tasks at intervals.

mod outgoing;

use std::sync::Arc;
use std::time::Duration;

use application::events::EventFeed;
use application::housekeeping::{Housekeeping, HousekeepingPolicy, HousekeepingReads};
use application::mails::Mails;
use application::media::Pictures;
use application::payments::Payments;
use application::webhooks::Webhooks;
use application::{Clock, Runner};
use domain::Uuid;
use domain::events::EventQueries;
use domain::mails::MAIL_THROTTLE;
use domain::payments::PaymentCounts;
use domain::products::ProductQueries;
use metrics::{counter, gauge};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::config::Settings;
use crate::context::{FeedTail, Lifecycle, LiveOrders};
use crate::following::Following;
use crate::importing::Importing;
use crate::metrics::{ORDERS_AWAITING_PAYMENT, ORDERS_EXPIRED, PAYMENT_FINDINGS, PAYMENT_NOTICES_FAILED};
use crate::sequencing::{Committed, Sequencing};

/// The shortest interval between two rounds.
const SHORTEST: Duration = Duration::from_secs(1);

/// How often operations and notices of payments that nobody holds are looked for at least, because other servers may have
/// left some. Those of this server are known as soon as they are due.
const DUE_WORK_EVERY: Duration = Duration::from_secs(5);

/// The most operations, and the most notices, that are carried out in one go.
const DUE_WORK_AT_ONCE: u64 = 50;

/// How often products whose time has come are looked for.
const SCHEDULE_EVERY: Duration = Duration::from_secs(1);

/// How often an import that waits is looked for.
const IMPORTS_EVERY: Duration = Duration::from_secs(1);

/// Runs all background tasks in rounds.
#[derive(Clone)]
pub struct Housekeeper {
    tasks: Housekeeping,
    every: Duration,
    lifecycle: Arc<Lifecycle>,
    /// In a shop that takes payments.
    payments: Option<DuePayments>,
    sequencing: Sequencing,
    following: Following,
    /// In a shop that has a key for the secrets of endpoints.
    webhooks: Option<Webhooks>,
    /// In a shop that sends mail.
    mails: Option<DueMails>,
    /// Where it is asked which products begin or end to be for sale, and the time of the database.
    products: Option<(Arc<dyn ProductQueries>, Arc<dyn Clock>)>,
    imports: Option<Importing>,
    holder: Uuid,
}

/// What it takes to send mails.
#[derive(Clone)]
pub(crate) struct DueMails {
    pub(crate) mails: Mails,
    /// Waits until a mail is due that this server has queued.
    pub(crate) due: Committed,
}

/// What it takes to look after payments.
#[derive(Clone)]
pub(crate) struct DuePayments {
    pub(crate) payments: Payments,
    /// Waits until work is due that this server has left for whoever comes next.
    pub(crate) due: Committed,
}

/// What it takes to look after the feed of events.
pub(crate) struct Feed {
    pub(crate) queries: Arc<dyn EventQueries>,
    pub(crate) tail: Arc<FeedTail>,
    pub(crate) committed: Committed,
    pub(crate) live: LiveOrders,
}

impl Housekeeper {
    pub(crate) fn new(
        runner: Runner,
        settings: &Settings,
        lifecycle: Arc<Lifecycle>,
        feed: Feed,
        reads: HousekeepingReads,
    ) -> Self {
        let every = period(settings.housekeeping_every, settings.auto_receive_after);
        let policy = HousekeepingPolicy {
            // A lease ends shortly before the next round, so that the next round can take it.
            every: every.mul_f64(0.9),
            keep_keys: settings.keep_keys,
            access_tokens_last: settings.auth.access_token_ttl,
            failure_window: failure_window(settings),
            erase_idle_after: settings.erase_idle_after,
            keep_empty_carts: settings.keep_empty_carts,
            keep_events: settings.keep_events,
            keep_import_rows: settings.imports.keep_rows,
            auto_receive_after: settings.auto_receive_after,
        };
        #[expect(clippy::disallowed_methods, reason = "identifies this process to other servers; no id of the shop")]
        let holder = Uuid::now_v7();
        let Feed { queries, tail, committed, live } = feed;
        let following = Following { queries: queries.clone(), tail: tail.clone(), live };
        let feed = EventFeed::new(runner.clone(), queries, holder);
        let sequencing = Sequencing { feed, tail, committed, lifecycle: lifecycle.clone() };
        Self {
            tasks: Housekeeping::new(runner, policy, holder, reads),
            every,
            lifecycle,
            payments: None,
            sequencing,
            following,
            webhooks: None,
            mails: None,
            products: None,
            imports: None,
            holder,
        }
    }

    /// Adds the work on payments, if the shop takes any.
    pub(crate) fn paid_by(self, due: DuePayments) -> Self {
        let payments = &due.payments;
        if !payments.settings().is_required && payments.providers().all().next().is_none() {
            return self;
        }
        Self { tasks: self.tasks.paid_by(payments.clone()), payments: Some(due), ..self }
    }

    /// Adds the sending of webhooks.
    pub(crate) fn sending(self, webhooks: Option<Webhooks>) -> Self {
        Self { webhooks, ..self }
    }

    /// Adds the removal of files that no picture has.
    pub(crate) fn keeping(self, pictures: Pictures) -> Self {
        Self { tasks: self.tasks.keeping(pictures), ..self }
    }

    /// Adds the sending of mails.
    pub(crate) fn mailing(self, mails: Option<DueMails>) -> Self {
        Self { mails, ..self }
    }

    /// Adds the schedule of products: their status follows the times of their sale.
    pub(crate) fn scheduling(self, products: Arc<dyn ProductQueries>, clock: Arc<dyn Clock>) -> Self {
        Self { products: Some((products, clock)), ..self }
    }

    /// Adds the work on imports.
    pub(crate) fn importing(self, imports: Importing) -> Self {
        Self { imports: Some(imports), ..self }
    }

    /// Runs until it is dropped, and does nothing before the schema is ready. Dropping it interrupts no transaction: the
    /// runner finishes those that run.
    pub async fn run(self) {
        tokio::join!(
            self.do_rounds(),
            self.do_due_work(),
            self.sequencing.run(),
            self.following.run(),
            self.send_webhooks(),
            self.queue_mails(),
            self.send_mails(),
            self.move_scheduled(),
            self.import()
        );
    }

    async fn do_rounds(&self) {
        let mut rounds = interval(self.every);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            rounds.tick().await;
            if self.lifecycle.is_prepared() {
                self.tasks.round().await;
                self.count().await;
            }
        }
    }

    /// Sets the gauges of orders, findings and notices, so that a scrape of the metrics reads nothing from the
    /// database.
    async fn count(&self) {
        let Some(DuePayments { payments, .. }) = &self.payments else { return };
        counter!(ORDERS_EXPIRED).increment(payments.take_expired());
        match payments.queries().counts().await {
            Ok(PaymentCounts { awaiting_orders, findings, failed_notices }) => {
                let shown = |count| u32::try_from(count).unwrap_or(u32::MAX);
                gauge!(ORDERS_AWAITING_PAYMENT).set(shown(awaiting_orders));
                gauge!(PAYMENT_FINDINGS).set(shown(findings));
                gauge!(PAYMENT_NOTICES_FAILED).set(shown(failed_notices));
            }
            Err(error) => tracing::debug!(%error, "what waits was not counted; will try again"),
        }
    }

    /// Gives products the status that the times of their sale ask for.
    async fn move_scheduled(&self) {
        let Some((products, clock)) = &self.products else { return };
        let mut looks = interval(SCHEDULE_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if self.lifecycle.is_prepared() {
                self.tasks.schedule(&**products, clock.now()).await;
            }
        }
    }

    /// Goes on with the import that waits, if there is one.
    async fn import(&self) {
        let Some(imports) = &self.imports else { return };
        let mut looks = interval(IMPORTS_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if self.lifecycle.is_prepared()
                && let Err(error) = Box::pin(imports.look(self.holder)).await
            {
                tracing::warn!(error = &error as &dyn std::error::Error, "an import stopped; will try again");
            }
        }
    }

    /// Carries out what is due of payments, if the shop takes any.
    async fn do_due_work(&self) {
        let Some(DuePayments { payments, due }) = &self.payments else { return };
        loop {
            if self.lifecycle.is_prepared()
                && let Err(error) = Box::pin(payments.do_due_work(DUE_WORK_AT_ONCE)).await
            {
                tracing::warn!(error = &error as &dyn std::error::Error, "due work on payments failed; will try again");
            }
            // Whether this server has left some or not, others may have.
            let _ = timeout(DUE_WORK_EVERY, due()).await;
        }
    }
}

/// The configured interval, or the time after which restocks are received if that is shorter.
fn period(every: Duration, auto_receive_after: Option<Duration>) -> Duration {
    auto_receive_after.map_or(every, |after| every.min(after)).max(SHORTEST)
}

/// How long counts of failed logins are kept. Requests for mails are counted in the same table, so the longer of the
/// two windows holds.
fn failure_window(settings: &Settings) -> Duration {
    let window = settings.auth.login_failure_window;
    if settings.mail.is_some() { window.max(MAIL_THROTTLE.window) } else { window }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn housekeeping_runs_at_least_as_often_as_restocks_fall_due_r45() {
        let (minute, seconds) = (Duration::from_mins(1), Duration::from_secs);
        assert_eq!(period(minute, None), minute);
        assert_eq!(period(minute, Some(Duration::from_hours(1))), minute);
        assert_eq!(period(minute, Some(seconds(5))), seconds(5));
        assert_eq!(period(minute, Some(Duration::ZERO)), SHORTEST);
    }
}
