//! Fixtures of the unit tests: a transaction of mocks, a fixed clock, sequential ids.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;

use domain::accounts::{Account, AccountDetails, AccountId, PasswordHash, Username};
use domain::carts::{Cart, Line};
use domain::customers::{Customer, CustomerDetails, CustomerId, CustomerName, EmailAddress, PhoneNumber};
use domain::events::EventType;
use domain::mails::MailSwitches;
use domain::orders::{Order, OrderId, Placement};
use domain::payments::Settings;
use domain::products::{Offer, Product, ProductDetails, ProductId, ProductName, ProductStatus, TaxAndShipping};
use domain::roles::Role;
use domain::slugs::Slug;
use domain::stock::{MovementKind, Stock, StockChange};
use domain::{Currency, Price, Quantity, Shop, StoreError, UtcDateTime, Uuid, Version};

use crate::{
    Actor, Attempt, Clock, Command, Ctx, Error, Ids, MockIdempotencyQueries, OpenTx, Runner, RunnerPolicy,
    Transactions, Tx, Work,
};

macro_rules! define_mocks {
    ($($name:ident: $repository:path => $mock:path,)*) => {
        /// A transaction whose repositories are mocks: a call that no test expects fails it.
        #[derive(Default)]
        pub struct Mocks {
            $(pub $name: $mock,)*
            /// The error of the commit; `None` for success.
            pub commit_fails: Option<StoreError>,
            /// The error of the rollback; `None` for success.
            pub rollback_fails: Option<StoreError>,
            /// The calls that begin and end transactions, in order.
            pub log: Log,
        }

        impl Tx for Mocks {
            $(
                fn $name(&mut self) -> &mut dyn $repository {
                    &mut self.$name
                }
            )*
        }
    };
}

crate::with_repositories!(define_mocks);

impl Mocks {
    /// Expects that these events are committed, in this order.
    pub fn expect_events(&mut self, types: impl IntoIterator<Item = EventType>) {
        let mut order = mockall::Sequence::new();
        for wanted in types {
            let append = self.outbox.expect_append().once().in_sequence(&mut order);
            append.withf(move |_, event, _| event.event_type == wanted).returning(|_, _, _| Ok(()));
        }
    }
}

/// The calls that begin and end transactions, in order.
pub type Log = Arc<Mutex<Vec<&'static str>>>;

/// The current time of all tests.
pub const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

/// Ids 1, 2, 3, …
#[derive(Default)]
pub struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn next(&self) -> Uuid {
        id(u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }
}

/// A clock that always returns [`NOW`].
pub struct Still;

impl Clock for Still {
    fn now(&self) -> UtcDateTime {
        NOW
    }
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn customer() -> CustomerId {
    CustomerId(id(0xC))
}

pub fn shop() -> Shop {
    Shop { currency: Currency::parse("USD").unwrap(), lead_time_days: 5 }
}

/// An offer of a product at 100 minor units.
pub fn offer(product: u128, on_hand: i64) -> Offer {
    Offer {
        product_id: ProductId(id(product)),
        sku: None,
        name: ProductName::parse("Mug").unwrap(),
        price: Price::parse(100).unwrap(),
        status: ProductStatus::Active,
        on_hand,
        restock_threshold: 0,
        tax_and_shipping: TaxAndShipping::default(),
    }
}

/// A line whose product is offered.
pub fn line(product: u128, quantity: i64, on_hand: i64) -> Line {
    let quantity = Quantity::parse(quantity).unwrap();
    Line { product_id: ProductId(id(product)), quantity, offer: Some(offer(product, on_hand)) }
}

/// The cart of the customer.
pub fn cart(version: i64, lines: Vec<Line>) -> Cart {
    Cart { customer_id: customer(), lines, updated_at: Some(NOW), version: Version(version) }
}

/// A product at 100 minor units.
pub fn product(n: u128) -> Product {
    let details = ProductDetails::new(ProductName::parse("Mug").unwrap(), Price::parse(100).unwrap());
    Product::new(ProductId(id(n)), ProductDetails { slug: Slug::parse("mug").ok(), ..details }, NOW)
}

/// The customer Ann.
pub fn person() -> Customer {
    let details = CustomerDetails {
        name: CustomerName::parse("Ann").unwrap(),
        email: EmailAddress::parse("ann@example.com").unwrap(),
        phone: PhoneNumber::parse("+14155550100").unwrap(),
    };
    Customer::new(customer(), details, NOW)
}

/// The account of a customer.
pub fn account(n: u128) -> Account {
    let details = AccountDetails {
        customer_id: Some(customer()),
        username: Username::parse("ann").unwrap(),
        password_hash: PasswordHash::new("$2b$".into()),
        role: Role::Customer,
    };
    Account::new(AccountId(id(n)), details, NOW)
}

/// An order of two units of product 1.
pub fn order() -> Order {
    let placement = Placement { customer_id: customer(), shipping_address: None, note: None };
    Order::place(OrderId(id(30)), placement, &[line(1, 2, 9)], shop(), NOW).unwrap()
}

/// Stock at version 7, without a policy.
pub fn stock(product: u128, on_hand: i64) -> Stock {
    Stock { version: Version(7), ..Stock::new(ProductId(id(product)), on_hand, NOW) }
}

/// The settings of payments of all tests that do not choose their own.
static PAYMENTS: LazyLock<Settings> = LazyLock::new(Settings::default);

/// The context of a command of a customer, or of the shop itself.
pub fn ctx(ids: &CountingIds) -> Ctx<'_> {
    Ctx {
        now: NOW,
        ids,
        shop: shop(),
        calendar: &domain::pricing::Utc,
        payments: &PAYMENTS,
        mails: MailSwitches::default(),
        requires_verified_email: false,
        stores_pictures: false,
        actor: None,
    }
}

/// Runs a command once, in a transaction of mocks.
pub async fn run<C: Command>(command: &C, tx: &mut Mocks) -> Result<C::Output, Error> {
    let ids = CountingIds::default();
    command.run(tx, &ctx(&ids)).await
}

/// [`run`] in a shop whose orders are paid first.
pub async fn run_paid<C: Command>(command: &C, tx: &mut Mocks) -> Result<C::Output, Error> {
    let ids = CountingIds::default();
    let payments = Settings { is_required: true, ..Settings::default() };
    command.run(tx, &Ctx { payments: &payments, ..ctx(&ids) }).await
}

/// [`run`] with acting staff.
pub async fn run_as<C: Command>(command: &C, tx: &mut Mocks, actor: &Actor) -> Result<C::Output, Error> {
    let ids = CountingIds::default();
    command.run(tx, &Ctx { actor: Some(actor), ..ctx(&ids) }).await
}

/// Gives prepared transactions to a runner, and after them default ones.
pub struct Prepared {
    transactions: Mutex<VecDeque<Mocks>>,
    log: Log,
}

impl Prepared {
    /// A runner with these transactions, in this order, and the log of their calls.
    pub fn runner(transactions: impl IntoIterator<Item = Mocks>) -> (Runner, Log) {
        Self::runner_with_keys(transactions, MockIdempotencyQueries::new())
    }

    /// [`Self::runner`] with reads of idempotency keys.
    pub fn runner_with_keys(
        transactions: impl IntoIterator<Item = Mocks>,
        keys: MockIdempotencyQueries,
    ) -> (Runner, Log) {
        let log = Log::default();
        let prepared = Self { transactions: Mutex::new(transactions.into_iter().collect()), log: log.clone() };
        let ids = Arc::new(CountingIds::default());
        let policy = RunnerPolicy::default();
        (Runner::new(Arc::new(prepared), Arc::new(keys), Arc::new(Still), ids, shop(), policy), log)
    }
}

#[async_trait]
impl Transactions for Prepared {
    async fn begin(&self, attempt: Attempt) -> Result<Box<dyn OpenTx>, StoreError> {
        self.log.lock().unwrap().push(match attempt {
            Attempt::Optimistic => "begin",
            Attempt::Careful => "begin carefully",
        });
        let next = self.transactions.lock().unwrap().pop_front().unwrap_or_default();
        Ok(Box::new(Mocks { log: self.log.clone(), ..next }))
    }

    fn spawn(&self, work: Work) {
        tokio::spawn(work);
    }
}

#[async_trait]
impl OpenTx for Mocks {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.log.lock().unwrap().push("commit");
        self.commit_fails.map_or(Ok(()), Err)
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.log.lock().unwrap().push("rollback");
        self.rollback_fails.map_or(Ok(()), Err)
    }

    fn repositories(&mut self) -> &mut dyn Tx {
        self
    }
}

/// Kind, units and balance of the movement of each change.
pub fn moves(changes: &[StockChange]) -> Vec<(MovementKind, i64, i64)> {
    changes.iter().map(|StockChange { movement: m, .. }| (m.kind, m.quantity, m.balance)).collect()
}
