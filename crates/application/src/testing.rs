//! What the unit tests of the use cases share: a transaction of mocks, a clock that stands still, ids that count.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use domain::accounts::{
    AccountRepository, LoginFailureRepository, MockAccountRepository, MockLoginFailureRepository,
    MockRefreshTokenRepository, RefreshTokenRepository,
};
use domain::carts::{CartRepository, Line, MockCartRepository, Quantity};
use domain::customers::{CustomerId, CustomerRepository, MockCustomerRepository};
use domain::orders::{MockOrderRepository, OrderRepository};
use domain::products::{MockProductRepository, Offer, ProductId, ProductName, ProductRepository, ProductStatus};
use domain::stock::{MockStockRepository, StockRepository};
use domain::{Currency, Price, Shop, StoreError, UtcDateTime, Uuid};

use crate::{
    Clock, Command, Ctx, Error, IdempotencyRepository, Ids, MockIdempotencyRepository, MockOutboxRepository, OpenTx,
    OutboxRepository, Runner, RunnerPolicy, Transactions, Tx,
};

/// A transaction whose repositories are mocks: a call that no test expects fails it.
#[derive(Default)]
pub struct Mocks {
    pub accounts: MockAccountRepository,
    pub refresh_tokens: MockRefreshTokenRepository,
    pub login_failures: MockLoginFailureRepository,
    pub customers: MockCustomerRepository,
    pub products: MockProductRepository,
    pub stock: MockStockRepository,
    pub carts: MockCartRepository,
    pub orders: MockOrderRepository,
    pub idempotency: MockIdempotencyRepository,
    pub outbox: MockOutboxRepository,
    /// What the commit answers instead of success.
    pub commit_fails: Option<StoreError>,
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
    fn customers(&mut self) -> &mut dyn CustomerRepository {
        &mut self.customers
    }
    fn products(&mut self) -> &mut dyn ProductRepository {
        &mut self.products
    }
    fn stock(&mut self) -> &mut dyn StockRepository {
        &mut self.stock
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
    }
}

/// A line whose product is offered.
pub fn line(product: u128, quantity: i64, on_hand: i64) -> Line {
    let quantity = Quantity::parse(quantity).unwrap();
    Line { product_id: ProductId(id(product)), quantity, offer: Some(offer(product, on_hand)) }
}

/// Runs a command once, in a transaction of mocks.
pub async fn run<C: Command>(command: &C, tx: &mut Mocks) -> Result<C::Output, Error> {
    let ids = CountingIds::default();
    command.run(tx, &Ctx { now: NOW, ids: &ids, shop: shop() }).await
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
        Ok(())
    }

    fn repositories(&mut self) -> &mut dyn Tx {
        self
    }
}
