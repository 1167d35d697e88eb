//! Databases to test on, and things to put into them.

use std::sync::Arc;
use std::time::Duration;

use application::{Attempt, Claim, Fingerprint, IdempotencyKey, OpenTx, Runner, RunnerPolicy};
use domain::accounts::{
    Account, AccountDetails, AccountId, FamilyId, PasswordHash, RefreshToken, RefreshTokenId, TokenHash, Username,
};
use domain::carts::Line;
use domain::customers::{Customer, CustomerDetails, CustomerId, CustomerName, EmailAddress, PhoneNumber};
use domain::orders::{Order, OrderId, Placement};
use domain::personal_data::Person;
use domain::products::{Offer, Product, ProductDetails, ProductId, ProductName, ProductStatus, Sku, TaxAndShipping};
use domain::roles::Role;
use domain::stock::Stock;
use domain::{Currency, Limit, Page, PageRequest, Price, Quantity, Shop, UtcDateTime, Uuid};
use infrastructure::db::{Database, DatabaseConfig, DatabaseUrl};
use infrastructure::system::{SystemClock, V7Ids};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use testkit::{borrow, sqlite_file};
use time::macros::utc_datetime;
use tokio::task::{LocalSet, spawn_local};

/// Runs each of these tests on each kind of database.
macro_rules! on_every_database {
    ($($test:ident),+ $(,)?) => {
        on_every_database!(@on sqlite, Sqlite, $($test),+);
        on_every_database!(@on mysql, MySql, $($test),+);
        on_every_database!(@on mariadb, MariaDb, $($test),+);
    };
    (@on $module:ident, $server:ident, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    crate::support::run(crate::support::Server::$server, super::$test).await;
                }
            )+
        }
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    Sqlite,
    MySql,
    MariaDb,
}

/// A database for one test, with all migrations.
#[derive(Clone)]
pub struct TestDb {
    pub server: Server,
    pub url: String,
    pub database: Database,
    /// A connection beside those of the adapter, for what no port can do.
    pub raw: DatabaseConnection,
}

/// Runs a test in a database with all migrations, and gives that back afterwards, however the test ends.
pub async fn run<F>(server: Server, test: impl FnOnce(TestDb) -> F)
where
    F: Future<Output = ()> + 'static,
{
    let directory = tempfile::tempdir().unwrap();
    // Given back when the test has ended.
    let mut borrowed = None;
    let url = match server {
        Server::Sqlite => {
            let file = directory.path().join("shop.db");
            std::fs::write(&file, sqlite_file(migrate).await).unwrap();
            format!("sqlite://{}?mode=rwc", file.display())
        }
        _ => match base_url(server) {
            Some(base) => borrowed.insert(borrow(&base, migrate).await).url.clone(),
            None => return,
        },
    };
    let database = connect(&url).await;
    let raw = raw(&url).await;
    let db = TestDb { server, url, database: database.clone(), raw: raw.clone() };
    // As a task, so that its panic can be caught.
    let result = LocalSet::new().run_until(async { spawn_local(test(db)).await }).await;
    database.close().await;
    raw.close().await.unwrap();
    drop(borrowed);
    if let Err(failure) = result {
        std::panic::resume_unwind(failure.into_panic());
    }
}

async fn migrate(url: &str) {
    let database = connect(url).await;
    database.migrate_up().await.unwrap();
    database.close().await;
}

fn base_url(server: Server) -> Option<String> {
    let variable = match server {
        Server::Sqlite => return None,
        Server::MySql => "TEST_MYSQL_URL",
        Server::MariaDb => "TEST_MARIADB_URL",
    };
    let url = std::env::var(variable).ok();
    if url.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{variable} is not set, and under CI it has to be");
        eprintln!("not run: {variable} is not set");
    }
    url
}

async fn raw(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    // The task by which a pool of sqlx 0.9.0 closes idle connections can spin for ever.
    options.max_connections(2).sqlx_logging(false).idle_timeout(None).max_lifetime(None);
    sea_orm::Database::connect(options).await.unwrap()
}

pub async fn connect(url: &str) -> Database {
    let url = DatabaseUrl::parse(url).unwrap();
    Database::connect(&DatabaseConfig { url, max_connections: None, statement_timeout: None }).await.unwrap()
}

impl TestDb {
    pub fn is_sqlite(&self) -> bool {
        self.server == Server::Sqlite
    }

    pub async fn begin(&self) -> Box<dyn OpenTx> {
        self.database.transactions().begin(Attempt::Careful).await.unwrap()
    }

    pub async fn begin_optimistic(&self) -> Box<dyn OpenTx> {
        self.database.transactions().begin(Attempt::Optimistic).await.unwrap()
    }

    /// What runs commands in this database.
    pub fn runner(&self) -> Runner {
        runner_on(&self.database)
    }

    /// Runs SQL that takes one id.
    pub async fn execute(&self, sql: &str, id: Uuid) -> Result<u64, sea_orm::DbErr> {
        let backend = self.raw.get_database_backend();
        let done = self.raw.execute_raw(Statement::from_sql_and_values(backend, sql, [id.into()])).await?;
        Ok(done.rows_affected())
    }

    /// The one number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.raw.get_database_backend(), sql);
        self.raw.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    pub async fn add_customer(&self, email: &str) -> Customer {
        let customer = customer(email);
        let mut tx = self.begin().await;
        tx.customers().insert(&customer).await.unwrap();
        tx.commit().await.unwrap();
        customer
    }

    pub async fn add_account(&self, username: &str, customer_id: Option<CustomerId>) -> Account {
        let account = account(username, customer_id);
        let mut tx = self.begin().await;
        tx.accounts().insert(&account).await.unwrap();
        tx.commit().await.unwrap();
        account
    }

    /// Erases what is kept of a customer, and of an account.
    pub async fn erase(&self, customer_id: CustomerId, account: Option<Account>, now: UtcDateTime) {
        let mut tx = self.begin().await;
        let person = Person { customer_id: Some(customer_id), account };
        tx.personal_data().erase(&person, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A product with stock.
    pub async fn add_product(&self, name: &str, on_hand: i64) -> Product {
        let product = product(name, None);
        let mut tx = self.begin().await;
        tx.products().insert(&product).await.unwrap();
        tx.stock().insert(&Stock::new(product.id, on_hand, NOW)).await.unwrap();
        tx.commit().await.unwrap();
        product
    }

    pub async fn raw_run(&self, sql: &str) {
        self.raw.execute_unprepared(sql).await.unwrap();
    }

    pub async fn archive(&self, id: ProductId) {
        assert_eq!(self.execute("UPDATE products SET status = 'archived' WHERE id = ?", id.0).await.unwrap(), 1);
    }
}

/// A time with all the digits that are kept.
pub const NOW: UtcDateTime = utc_datetime!(2024-05-06 07:08:09.123_456);

pub fn id() -> Uuid {
    Uuid::now_v7()
}

pub fn shop() -> Shop {
    Shop { currency: Currency::parse("USD").unwrap(), lead_time_days: 5 }
}

pub fn customer(email: &str) -> Customer {
    let details = CustomerDetails {
        name: CustomerName::parse("Ann Ōtani 🦊").unwrap(),
        email: EmailAddress::parse(email).unwrap(),
        phone: PhoneNumber::parse("+14155550100").unwrap(),
    };
    Customer::new(CustomerId(id()), details, NOW)
}

pub fn account(username: &str, customer_id: Option<CustomerId>) -> Account {
    let details = AccountDetails {
        customer_id,
        username: Username::parse(username).unwrap(),
        password_hash: PasswordHash::new(format!("$2b$04${}", "x".repeat(53))),
        role: if customer_id.is_some() { Role::Customer } else { Role::Admin },
    };
    Account::new(AccountId(id()), details, NOW)
}

/// A refresh token with a hash of its own.
pub fn token(account_id: AccountId, family_id: FamilyId) -> RefreshToken {
    let id = id();
    let mut hash = [7; 32];
    hash[..16].copy_from_slice(id.as_bytes());
    RefreshToken {
        id: RefreshTokenId(id),
        family_id,
        account_id,
        hash: TokenHash(hash),
        created_at: NOW,
        expires_at: NOW + Duration::from_hours(24),
        spent_at: None,
    }
}

pub fn product(name: &str, sku: Option<&str>) -> Product {
    let sku = sku.map(|sku| Sku::parse(sku).unwrap());
    let details = ProductDetails::new(ProductName::parse(name).unwrap(), Price::parse(1999).unwrap());
    let details = ProductDetails { sku, ..details };
    Product::new(ProductId(id()), details, NOW)
}

pub fn offer(product: &Product, on_hand: i64) -> Offer {
    Offer {
        product_id: product.id,
        sku: product.sku.clone(),
        name: product.name.clone(),
        price: product.price,
        status: ProductStatus::Active,
        on_hand,
        restock_threshold: 0,
        tax_and_shipping: TaxAndShipping::default(),
    }
}

pub fn line(product: &Product, quantity: i64) -> Line {
    let offer = Some(offer(product, quantity));
    Line { product_id: product.id, quantity: Quantity::parse(quantity).unwrap(), offer }
}

/// An order of one unit of each of `products`.
pub fn order(customer_id: CustomerId, products: &[&Product], placed_at: UtcDateTime) -> Order {
    let lines: Vec<_> = products.iter().map(|product| line(product, 1)).collect();
    let placement = Placement { customer_id, shipping_address: None, note: None };
    Order::place(OrderId(id()), placement, &lines, shop(), placed_at).unwrap()
}

pub fn claim(account_id: Option<AccountId>, key: &str, fingerprint: u8) -> Claim {
    let key = IdempotencyKey::parse(key).unwrap();
    let owner = account_id.map(domain::keys::Principal::Account);
    Claim { owner, key, fingerprint: Fingerprint([fingerprint; 32]), former_fingerprint: None }
}

pub fn first(limit: i64) -> PageRequest {
    PageRequest { limit: Limit::parse(limit).unwrap(), after: None }
}

/// Reads page after page to the end; each but the last must be full.
pub async fn every_page<T>(limit: i64, read: impl AsyncFn(PageRequest) -> Page<T>) -> Vec<T> {
    let (mut all, mut request) = (Vec::new(), first(limit));
    loop {
        let page = read(request.clone()).await;
        let full = i64::try_from(page.items.len()).unwrap() == limit;
        all.extend(page.items);
        match page.next {
            Some(next) => assert!(full && request.after.replace(next.clone()) != Some(next), "no gap, no standstill"),
            None => return all,
        }
    }
}

/// Runs `many` of the same at once.
pub async fn at_once<F, T>(many: usize, work: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let barrier = Arc::new(tokio::sync::Barrier::new(many));
    let start = |index| {
        let (barrier, work) = (Arc::clone(&barrier), work(index));
        tokio::spawn(async move {
            barrier.wait().await;
            work.await
        })
    };
    let tasks: Vec<_> = (0..many).map(start).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

/// What runs commands through this connection.
pub fn runner_on(database: &Database) -> Runner {
    let (transactions, policy) = (database.transactions(), RunnerPolicy::default());
    Runner::new(transactions, database.queries().idempotency, Arc::new(SystemClock), Arc::new(V7Ids), shop(), policy)
}
