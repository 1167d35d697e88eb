use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use application::checkout::{PriceBooks, Quotes};
use application::{Clock, Command, Error, Ids, Queries, Runner, RunnerPolicy};
use domain::payments::Settings as Rules;
use domain::{UtcDateTime, Uuid};
use infrastructure::cache::CachedPriceBooks;
use infrastructure::system::V7Ids;

use super::super::moment;
use crate::cli::error::Failure;
use crate::cli::tools::Tools;
use crate::config::Settings;

/// The most ids that one command takes.
const IDS: u32 = 1000;

/// Runs commands at times of the past, so that they make the same things with the same ids in every run.
pub(super) struct Past<'a> {
    pub tools: &'a Tools,
    pub queries: Queries,
    pub books: Arc<dyn PriceBooks>,
    settings: &'a Settings,
}

/// A time, and the ids of what is made then by the command with this number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub at: UtcDateTime,
    pub number: u32,
}

impl Moment {
    /// The moment before everything else, at which the shop is set up.
    pub fn opening(number: u32) -> Self {
        Self { at: moment::made(0), number }
    }

    /// The first id of the command: that of what it creates.
    pub fn id(self) -> Uuid {
        moment::nth_id(self.at, self.number * IDS)
    }
}

/// The clock and the ids of one command. Each attempt asks for the time first, and gets the same ids again.
struct Attempts {
    moment: Moment,
    given: AtomicU32,
}

impl Attempts {
    fn at(moment: Moment) -> Arc<Self> {
        Arc::new(Self { moment, given: AtomicU32::new(0) })
    }
}

impl Clock for Attempts {
    fn now(&self) -> UtcDateTime {
        self.given.store(0, Ordering::Relaxed);
        self.moment.at
    }
}

impl Ids for Attempts {
    fn next(&self) -> Uuid {
        let given = self.given.fetch_add(1, Ordering::Relaxed);
        moment::nth_id(self.moment.at, self.moment.number * IDS + given)
    }
}

impl<'a> Past<'a> {
    /// The past of a shop.
    pub fn of(tools: &'a Tools, settings: &'a Settings) -> Self {
        let queries = tools.database.queries();
        let books = CachedPriceBooks::new(queries.pricing.clone(), settings.pricing.clone(), tools.database.changes());
        Self { tools, queries, books: Arc::new(books), settings }
    }

    /// Runs a command at a moment.
    pub async fn run<C>(&self, moment: Moment, command: C) -> Result<C::Output, Error>
    where
        C: Command + 'static,
        C::Output: 'static,
    {
        let attempts = Attempts::at(moment);
        self.runner(attempts.clone(), attempts).run(command).await
    }

    /// The clock of what happens now.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.tools.database.clock())
    }

    /// A runner for what happens now.
    pub fn now(&self) -> Runner {
        self.runner(self.clock(), Arc::new(V7Ids))
    }

    /// A runner with this clock and these ids.
    pub fn runner(&self, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Runner {
        let (keys, policy) = (self.queries.idempotency.clone(), RunnerPolicy::default());
        let runner = Runner::new(self.tools.database.transactions(), keys, clock, ids, self.tools.shop, policy);
        // Nobody pays orders of the past without the test provider.
        let payments = &self.settings.payments;
        let rules = Arc::new(if payments.test { payments.rules.clone() } else { Rules::default() });
        runner.in_days_of(self.settings.pricing.calendar.clone()).paid_by(rules)
    }

    /// Makes something. A shop that has its own zones, methods or rates may not take it.
    pub async fn make<C>(&self, what: &str, moment: Moment, command: C) -> Result<C::Output, Failure>
    where
        C: Command + 'static,
        C::Output: 'static,
    {
        let failure = |error: Error| match error {
            Error::Invalid(fields) => {
                let whys: Vec<_> = fields.iter().map(|one| format!("{} {}", one.field, one.invalid)).collect();
                Failure::Usage(format!("--shop: this shop takes no {what}: {}", whys.join("; ")))
            }
            Error::Conflict(conflict) => Failure::Usage(format!("--shop: this shop takes no {what}: {conflict:?}")),
            other => other.into(),
        };
        self.run(moment, command).await.map_err(failure)
    }

    /// Quotes purchases at a moment.
    pub fn quotes(&self, moment: Moment) -> Quotes {
        Quotes {
            carts: self.queries.carts.clone(),
            products: self.queries.products.clone(),
            customers: self.queries.customers.clone(),
            orders: self.queries.orders.clone(),
            promotions: self.queries.promotions.clone(),
            mails: self.queries.mails.clone(),
            requires_verified_email: false,
            books: self.books.clone(),
            clock: Attempts::at(moment),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attempt_of_a_demo_command_gets_the_same_ids_r78_r189() {
        let moment = Moment::opening(7);
        let attempts = Attempts::at(moment);
        let attempt = || (attempts.now(), attempts.next(), attempts.next());
        let first = attempt();
        assert_eq!(first, attempt());
        assert_eq!((first.0, first.1), (moment.at, moment.id()));
        assert!(first.1 < first.2 && first.2 < Moment::opening(8).id());
    }
}
