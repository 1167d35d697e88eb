//! What the unit tests of the use cases share: a transaction of mocks, a clock that stands still, ids that count.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use domain::accounts::{
    Account, AccountDetails, AccountId, AccountRepository, KnownNetworkRepository, LoginFailureRepository,
    MockAccountRepository, MockKnownNetworkRepository, MockLoginFailureRepository, MockRefreshTokenRepository,
    PasswordHash, RefreshTokenRepository, Role, Username,
};
use domain::carts::{Cart, CartRepository, Line, MockCartRepository, Quantity};
use domain::customers::{
    Customer, CustomerDetails, CustomerId, CustomerName, CustomerRepository, EmailAddress, MockCustomerRepository,
    PhoneNumber,
};
use domain::orders::{MockOrderRepository, Order, OrderId, OrderRepository, Placement};
use domain::products::{
    MockProductRepository, Offer, Product, ProductDetails, ProductId, ProductName, ProductRepository, ProductStatus,
};
use domain::restocks::{MockRestockRepository, RestockRepository};
use domain::stock::{MockStockRepository, Stock, StockRepository};
use domain::{Currency, Price, Shop, StoreError, UtcDateTime, Uuid, Version};

use crate::{
    Actor, AuditRepository, Clock, Command, Ctx, Error, IdempotencyRepository, Ids, LeaseRepository,
    MockAuditRepository, MockIdempotencyRepository, MockLeaseRepository, MockOutboxRepository, OpenTx,
    OutboxRepository, Runner, RunnerPolicy, Transactions, Tx,
};

/// A transaction whose repositories are mocks: a call that no test expects fails it.
#[derive(Default)]
pub struct Mocks {
    pub accounts: MockAccountRepository,
    pub refresh_tokens: MockRefreshTokenRepository,
    pub login_failures: MockLoginFailureRepository,
    pub known_networks: MockKnownNetworkRepository,
    pub customers: MockCustomerRepository,
    pub products: MockProductRepository,
    pub stock: MockStockRepository,
    pub restocks: MockRestockRepository,
    pub carts: MockCartRepository,
    pub orders: MockOrderRepository,
    pub idempotency: MockIdempotencyRepository,
    pub audit: MockAuditRepository,
    pub leases: MockLeaseRepository,
    pub outbox: MockOutboxRepository,
    /// What the commit answers instead of success.
    pub commit_fails: Option<StoreError>,
    /// The same of a rollback.
    pub rollback_fails: Option<StoreError>,
    /// Where the end is written down.
    pub log: Log,
}

/// What happened to transactions, in order.
pub type Log = Arc<Mutex<Vec<&'static str>>>;

impl Tx for Mocks {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        &mut self.accounts
    }
    fn refresh_tokens(&mut self) -> &mut dyn RefreshTokenRepository {
        &mut self.refresh_tokens
    }
    fn login_failures(&mut self) -> &mut dyn LoginFailureRepository {
        &mut self.login_failures
    }
    fn known_networks(&mut self) -> &mut dyn KnownNetworkRepository {
        &mut self.known_networks
    }
    fn customers(&mut self) -> &mut dyn CustomerRepository {
        &mut self.customers
    }
    fn products(&mut self) -> &mut dyn ProductRepository {
        &mut self.products
    }
    fn stock(&mut self) -> &mut dyn StockRepository {
        &mut self.stock
    }
    fn restocks(&mut self) -> &mut dyn RestockRepository {
        &mut self.restocks
    }
    fn carts(&mut self) -> &mut dyn CartRepository {
        &mut self.carts
    }
    fn orders(&mut self) -> &mut dyn OrderRepository {
        &mut self.orders
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyRepository {
        &mut self.idempotency
    }
    fn audit(&mut self) -> &mut dyn AuditRepository {
        &mut self.audit
    }
    fn leases(&mut self) -> &mut dyn LeaseRepository {
        &mut self.leases
    }
    fn outbox(&mut self) -> &mut dyn OutboxRepository {
        &mut self.outbox
    }
}

/// When every test takes place.
pub const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

/// Ids 1, 2, 3, …
#[derive(Default)]
pub struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn next(&self) -> Uuid {
        id(u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }
}

/// A clock that stands still.
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
    let details = ProductDetails {
        name: ProductName::parse("Mug").unwrap(),
        price: Price::parse(100).unwrap(),
        sku: None,
        description: None,
    };
    Product::new(ProductId(id(n)), details, NOW)
}

/// A customer.
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

/// What a command may know of the world, with nothing taken for granted.
fn ctx(ids: &CountingIds) -> Ctx<'_> {
    Ctx { now: NOW, ids, shop: shop(), actor: None, may_bet: false }
}

/// Runs a command once, in a transaction of mocks, with nothing taken for granted.
pub async fn run<C: Command>(command: &C, tx: &mut Mocks) -> Result<C::Output, Error> {
    let ids = CountingIds::default();
    command.run(tx, &ctx(&ids)).await
}

/// The same as the first attempt.
pub async fn run_first<C: Command>(command: &C, tx: &mut Mocks) -> Result<C::Output, Error> {
    let ids = CountingIds::default();
    command.run(tx, &Ctx { may_bet: true, ..ctx(&ids) }).await
}

/// The same for an administrator.
pub async fn run_as<C: Command>(command: &C, tx: &mut Mocks, actor: &Actor) -> Result<C::Output, Error> {
    let ids = CountingIds::default();
    command.run(tx, &Ctx { actor: Some(actor), ..ctx(&ids) }).await
}

/// Gives prepared transactions to a runner, then plain ones.
pub struct Prepared {
    transactions: Mutex<VecDeque<Mocks>>,
    log: Log,
}

impl Prepared {
    /// A runner over `transactions`, in this order, and what will have happened to them.
    pub fn runner(transactions: impl IntoIterator<Item = Mocks>) -> (Runner, Log) {
        let log = Log::default();
        let prepared = Self { transactions: Mutex::new(transactions.into_iter().collect()), log: log.clone() };
        let ids = Arc::new(CountingIds::default());
        (
            Runner::new(
                Arc::new(prepared),
                Arc::new(Still),
                ids,
                shop(),
                RunnerPolicy::default(),
                tokio::runtime::Handle::current(),
            ),
            log,
        )
    }
}

#[async_trait]
impl Transactions for Prepared {
    async fn begin(&self) -> Result<Box<dyn OpenTx>, StoreError> {
        self.log.lock().unwrap().push("begin");
        let next = self.transactions.lock().unwrap().pop_front().unwrap_or_default();
        Ok(Box::new(Mocks { log: self.log.clone(), ..next }))
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
