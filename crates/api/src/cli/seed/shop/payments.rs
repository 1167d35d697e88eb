//! What became of the orders of the shop's money, with the test provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use application::payments::{BeginPayment, CapturePayment, Payments, PaymentsParts, RefundOrder};
use application::{Clock, Error, Ids};
use domain::orders::{OrderId, OrderScope};
use domain::payments::{
    MethodName, Payment, PaymentProvider, PaymentProviders, PaymentStatus, ProviderName, RefundReason, RefundRequest,
};
use domain::{UtcDateTime, Uuid};
use futures_util::future::BoxFuture;
use infrastructure::outbound::payments::TestProvider;
use time::Duration;

use super::super::moment;
use super::past::{Moment, Past};
use crate::cli::error::Failure;
use crate::config::PaymentSettings;

/// Ids of what is paid come after those of all commands.
const FIRST_ID: u32 = 10_000_000;
/// The most ids that the payments of an order take.
const IDS: u32 = 10_000;
/// Seconds from an order to its refund: five days.
pub(super) const FINISHED: u32 = 5 * 24 * 60 * 60;
/// Seconds until the provider knows that a refund fails.
const TIME_TO_FAIL: u32 = 60;

/// How the `n`th order is paid: the method of the test provider, and the percentage that is refunded.
pub(super) const fn story(n: u32) -> (&'static str, i64) {
    match n {
        2 => ("ok", 40),
        3 => ("ok", 100),
        4 => ("dispute_lost", 0),
        6 => ("declined", 0),
        8 => ("dispute_won", 0),
        11 => ("refund_fails", 100),
        _ => ("ok", 0),
    }
}

/// Pays orders of the past, if the shop has the test provider.
pub(super) struct Cashier<'a> {
    past: &'a Past<'a>,
    settings: &'a PaymentSettings,
}

/// A clock that stands still until it is set, and that also gives the ids of new rows.
struct Standing {
    order: Moment,
    /// Seconds since the order.
    later: AtomicU32,
    given: AtomicU32,
}

impl Standing {
    fn new(order: Moment, later: u32, given: u32) -> Arc<Self> {
        Arc::new(Self { order, later: AtomicU32::new(later), given: AtomicU32::new(given) })
    }
}

impl Clock for Standing {
    fn now(&self) -> UtcDateTime {
        self.order.at + Duration::seconds(self.later.load(Ordering::Relaxed).into())
    }
}

impl Ids for Standing {
    fn next(&self) -> Uuid {
        let given = self.given.fetch_add(1, Ordering::Relaxed);
        moment::nth_id(self.now(), FIRST_ID + self.order.number * IDS + given)
    }
}

impl<'a> Cashier<'a> {
    /// `None` without the test provider.
    pub fn of(past: &'a Past<'a>, settings: &'a PaymentSettings) -> Option<Self> {
        settings.test.then_some(Self { past, settings })
    }

    /// Pays an order by this method of the provider.
    pub async fn pay(&self, order: Moment, method: &str) -> Result<(), Failure> {
        let payments = self.payments(&Standing::new(order, 1, 0));
        let begin = BeginPayment {
            order_id: OrderId(order.id()),
            scope: OrderScope::All,
            provider: ProviderName::from_trusted("test".to_owned()),
            method: Some(MethodName::parse(method)?),
            return_url: None,
            amount: None,
            providers: payments.providers().clone(),
            holder: payments.holder(),
        };
        let new = payments.pay(payments.runner(), None, begin).await?.payment;
        self.take(&payments, new).await?;
        Ok(())
    }

    /// Gives these hundredths of an order back, so many seconds later, and asks the provider for what took its time.
    pub async fn finish(&self, order: Moment, hundredths: i64, later: u32) -> Result<(), Failure> {
        let standing = Standing::new(order, later, IDS / 2);
        let payments = self.payments(&standing);
        let id = OrderId(order.id());
        for paid in payments.queries().of_order(id, OrderScope::All).await? {
            let amount = paid.captured * hundredths / 100;
            if amount > 0 {
                let request = RefundRequest {
                    amount,
                    payment_id: Some(paid.id),
                    reason: RefundReason::parse("customer_request")?,
                    note: None,
                    outside: None,
                    holder: payments.holder(),
                };
                let refund = RefundOrder { order_id: id, request, seen: None, providers: payments.providers().clone() };
                payments.act(payments.runner(), None, refund).await?;
                standing.later.fetch_add(TIME_TO_FAIL, Ordering::Relaxed);
            }
            payments.sync(&paid).await?;
        }
        // A cancelled order gives its money back.
        Box::pin(payments.do_due_work(IDS.into())).await?;
        Ok(())
    }

    /// Takes money that is only held.
    async fn take(&self, payments: &Payments, begun: Payment) -> Result<Payment, Error> {
        if begun.status != PaymentStatus::Authorised {
            return Ok(begun);
        }
        let (providers, holder) = (payments.providers().clone(), payments.holder());
        let capture = CapturePayment { id: begun.id, amount: None, expected: None, providers, holder };
        Ok(payments.act(payments.runner(), None, capture).await?.payment)
    }

    fn payments(&self, standing: &Arc<Standing>) -> Payments {
        let (books, hold) = (self.past.tools.database.test_payments(), self.settings.rules.hold);
        // Nobody waits for its notices: it is asked.
        let ignored = Arc::new(|_| -> BoxFuture<'static, ()> { Box::pin(async {}) });
        let provider: Arc<dyn PaymentProvider> = Arc::new(TestProvider::new(books, standing.clone(), hold, ignored));
        Payments::new(PaymentsParts {
            runner: self.past.runner(standing.clone(), standing.clone()),
            queries: self.past.queries.payments.clone(),
            providers: PaymentProviders::new(vec![provider]),
            clock: standing.clone(),
            settings: Arc::new(self.settings.rules.clone()),
            holder: standing.order.id(),
        })
    }
}
