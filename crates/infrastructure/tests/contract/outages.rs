//! The database goes away and comes back. A proxy stands for the network before a server; another process that keeps
//! the file to itself stands for it on SQLite.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use application::Attempt;
use domain::StoreError;
use domain::customers::CustomerId;
use infrastructure::db::Database;
use sea_orm::{SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::support::{TestDb, connect, customer, id};

on_every_database!(
    an_unreachable_database_is_unavailable_until_it_returns_r74,
    a_commit_whose_answer_is_lost_is_unknown_r61,
    a_restart_of_the_database_server_causes_no_error_r74,
    a_connection_outlives_the_worker_that_used_it_first_r79,
);

const OPEN: u8 = 0;
/// Connections are cut, and new ones refused.
const CUT: u8 = 1;
/// What is asked goes through; the answer does not, and the connection is cut.
const MUTE: u8 = 2;

/// A network that can be cut.
struct Proxy {
    state: Arc<AtomicU8>,
}

impl Proxy {
    /// A proxy before the server of `url`, and the URL through it.
    async fn before(url: &str) -> (Self, String) {
        let (address, database) = url.rsplit_once('/').unwrap();
        let address = address.rsplit('@').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(AtomicU8::new(OPEN));
        let proxy = Self { state: Arc::clone(&state) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if state.load(Ordering::SeqCst) == OPEN {
                    let server = TcpStream::connect(&address).await.unwrap();
                    tokio::spawn(forward(client, server, Arc::clone(&state)));
                }
            }
        });
        let credentials = url.rsplit_once('@').unwrap().0;
        let through = format!("{credentials}@127.0.0.1:{port}/{database}?ssl-mode=DISABLED");
        (proxy, through)
    }

    fn set(&self, state: u8) {
        self.state.store(state, Ordering::SeqCst);
    }
}

async fn forward(mut client: TcpStream, mut server: TcpStream, state: Arc<AtomicU8>) {
    let (mut asked, mut answered) = ([0; 16384], [0; 16384]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => match read {
                Ok(length @ 1..) if state.load(Ordering::SeqCst) != CUT =>
                    server.write_all(&asked[..length]).await.unwrap(),
                _ => return,
            },
            read = server.read(&mut answered) => match read {
                Ok(length @ 1..) if state.load(Ordering::SeqCst) == OPEN =>
                    client.write_all(&answered[..length]).await.unwrap(),
                _ => return,
            },
            () = sleep(Duration::from_millis(20)) => if state.load(Ordering::SeqCst) == CUT { return },
        }
    }
}

/// What becomes of a transaction with its first statement, at the latest.
async fn begin(database: &Database) -> Result<(), StoreError> {
    let mut tx = database.transactions().begin(Attempt::Careful).await?;
    tx.customers().lock(CustomerId(id())).await.map(drop)
}

/// Asserts that nothing works, and that it says so soon.
async fn assert_away(database: &Database) {
    let start = Instant::now();
    let begun = begin(database).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    let read = database.queries().accounts.login_failures(&[]).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_)) | Ok(_)), "{read:?}");
    assert!(matches!(database.ping().await, Err(StoreError::Unavailable(_))));
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

async fn an_unreachable_database_is_unavailable_until_it_returns_r74(db: TestDb) {
    if db.is_sqlite() {
        let immediate = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: immediate, ..Default::default() };
        let other_process = db.raw.begin_with_options(options).await.unwrap();
        // The same as among transactions of one process: it is run again, until its deadline.
        assert!(matches!(begin(&db.database).await, Err(StoreError::Raced(_))));
        drop(other_process);
        db.add_customer("ann@example.com").await;
        return;
    }
    let (proxy, url) = Proxy::before(&db.url).await;
    proxy.set(CUT);
    // It is away at the start already.
    let database = connect(&url).await;
    assert_away(&database).await;
    for _ in 0..2 {
        proxy.set(OPEN);
        database.ping().await.unwrap();
        let mut tx = database.transactions().begin(Attempt::Careful).await.unwrap();
        proxy.set(CUT);
        sleep(Duration::from_millis(50)).await;
        let lost = tx.customers().insert(&customer("ann@example.com")).await;
        assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
        drop(tx);
        assert_away(&database).await;
    }
}

async fn a_commit_whose_answer_is_lost_is_unknown_r61(db: TestDb) {
    if db.is_sqlite() {
        return; // It runs in this process: there is no way on which an answer could be lost.
    }
    let (proxy, url) = Proxy::before(&db.url).await;
    let database = connect(&url).await;
    let mut tx = database.transactions().begin(Attempt::Careful).await.unwrap();
    tx.customers().insert(&customer("ann@example.com")).await.unwrap();
    proxy.set(MUTE);
    let lost = tx.commit().await;
    assert!(matches!(lost, Err(StoreError::CommitUnknown(_))), "{lost:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM customers").await, 1, "this time it did happen");
}

async fn a_restart_of_the_database_server_causes_no_error_r74(db: TestDb) {
    if db.is_sqlite() {
        return; // There is no server.
    }
    let (proxy, url) = Proxy::before(&db.url).await;
    let database = connect(&url).await;
    database.ping().await.unwrap();
    sleep(Duration::from_millis(1100)).await;
    proxy.set(CUT);
    sleep(Duration::from_millis(50)).await;
    proxy.set(OPEN);
    let mut tx = database.transactions().begin(Attempt::Careful).await.unwrap();
    tx.customers().insert(&customer("ann@example.com")).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_connection_outlives_the_worker_that_used_it_first_r79(db: TestDb) {
    let account = db.add_account("ann", None).await;
    let database = connect(&db.url).await;
    let accounts = database.queries().accounts;
    let worker = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(accounts.access(account.id, None)).unwrap()
    });
    let seen = tokio::task::spawn_blocking(|| worker.join().unwrap()).await.unwrap();
    assert_eq!(seen, Some(account.access(account.role.fixed_scopes().unwrap())));
    for _ in 0..3 {
        assert_eq!(
            database.queries().accounts.access(account.id, None).await.unwrap(),
            seen,
            "after the worker has ended"
        );
    }
    database.close().await;
}
