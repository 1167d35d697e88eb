use sea_orm::{DbBackend, Statement};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::super::connect::Pools;
use super::super::session::Session as _;
use super::super::{DatabaseConfig, DatabaseUrl};
use super::*;

struct Shop {
    writer: Arc<Writer>,
    pools: Pools,
    _folder: tempfile::TempDir,
}

type Ended = JoinHandle<Result<(), StoreError>>;

/// Groups of any age.
const BOUNDS: Bounds = Bounds { most: 64, longest: Duration::MAX };

async fn shop() -> Shop {
    open(BOUNDS).await
}

async fn open(bounds: Bounds) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::parse(&format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display())).unwrap();
    let pools = Pools::open(&DatabaseConfig { url, max_connections: Some(2) }).await.unwrap();
    for sql in [
        "CREATE TABLE parents (n INTEGER PRIMARY KEY)",
        "CREATE TABLE notes (n INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)",
    ] {
        pools.write.run(sqlite(sql)).await.unwrap();
    }
    Shop { writer: Arc::new(Writer::on(&Handle::current(), pools.write.clone(), bounds)), pools, _folder: folder }
}

impl Shop {
    /// Takes a turn and does `sql` in it.
    async fn turn(&self, sql: &str) -> Turn {
        let turn = self.writer.turn().await.unwrap();
        turn.batch.run(sqlite(sql)).await.unwrap();
        turn
    }

    /// The same, in the background, and keeps it. When this answers, it waits for its turn.
    async fn queue(&self, sql: &'static str) -> Ended {
        self.later(async move |Turn { batch, place }| {
            batch.run(sqlite(sql)).await.unwrap();
            place.keep(batch).await
        })
        .await
    }

    async fn later<F>(&self, work: impl FnOnce(Turn) -> F + Send + 'static) -> Ended
    where
        F: Future<Output = Result<(), StoreError>> + Send,
    {
        let writer = self.writer.clone();
        let task = tokio::spawn(async move { work(writer.turn().await?).await });
        sleep(Duration::from_millis(10)).await;
        task
    }

    async fn parents(&self) -> Vec<i64> {
        let rows = self.pools.read.run(sqlite("SELECT n FROM parents ORDER BY n")).await.unwrap().rows;
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    }
}

fn sqlite(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, sql)
}

async fn keep(Turn { batch, place }: Turn) -> Result<(), StoreError> {
    place.keep(batch).await
}

async fn undo(Turn { batch, place }: Turn) -> Result<(), StoreError> {
    place.undo(batch).await
}

#[tokio::test]
async fn nothing_of_a_group_is_seen_before_all_of_it_is_kept_r61() {
    let shop = shop().await;
    let first = shop.turn("INSERT INTO parents VALUES (1)").await;
    let last = shop.queue("INSERT INTO parents VALUES (2)").await;
    let (go_on, held) = oneshot::channel::<()>();
    let slow = shop
        .later(async move |turn: Turn| {
            held.await.unwrap();
            keep(turn).await
        })
        .await;
    let first = tokio::spawn(keep(first));
    sleep(Duration::from_millis(100)).await;
    assert!(!first.is_finished() && !last.is_finished(), "told before the commit");
    assert_eq!(shop.parents().await, [0; 0]);
    go_on.send(()).unwrap();
    for ended in [first, last, slow] {
        ended.await.unwrap().unwrap();
    }
    assert_eq!(shop.parents().await, [1, 2]);
}

#[tokio::test]
async fn one_that_is_undone_or_dropped_takes_nobody_with_it_r61() {
    let shop = shop().await;
    let first = shop.turn("INSERT INTO parents VALUES (1)").await;
    let undone = shop
        .later(async |turn: Turn| {
            turn.batch.run(sqlite("INSERT INTO parents VALUES (2)")).await.unwrap();
            undo(turn).await
        })
        .await;
    let third = shop.queue("INSERT INTO parents VALUES (3)").await;
    let panicked = shop
        .later(async |turn: Turn| {
            turn.batch.run(sqlite("INSERT INTO parents VALUES (4)")).await.unwrap();
            panic!("a command panics");
        })
        .await;
    let gone = shop.queue("INSERT INTO parents VALUES (5)").await;
    gone.abort();
    let sixth = shop.queue("INSERT INTO parents VALUES (6)").await;
    keep(first).await.unwrap();
    undone.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert!(panicked.await.unwrap_err().is_panic());
    sixth.await.unwrap().unwrap();
    assert_eq!(shop.parents().await, [1, 3, 6]);
}

#[tokio::test]
async fn whoever_is_ready_shares_the_commit_r61() {
    let shop = Arc::new(shop().await);
    let writes = (1..=3).map(|n| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            let turn = shop.turn(&format!("INSERT INTO parents VALUES ({n})")).await;
            keep(turn).await.unwrap();
            shop.parents().await
        })
    });
    for seen in writes.collect::<Vec<_>>() {
        assert_eq!(seen.await.unwrap(), [1, 2, 3], "told after a commit of its own");
    }
}

#[tokio::test]
async fn when_the_commit_fails_nobody_of_the_group_has_written_r61() {
    let shop = shop().await;
    let first = shop.turn("INSERT INTO parents VALUES (1)").await;
    let bad = shop.queue("INSERT INTO notes VALUES (99)").await;
    let refused = shop.later(undo).await;
    assert!(matches!(keep(first).await, Err(StoreError::Internal(_))));
    assert!(matches!(bad.await.unwrap(), Err(StoreError::Internal(_))));
    // It may have been refused because of what is not there now.
    assert!(matches!(refused.await.unwrap(), Err(StoreError::Raced(_))));
    assert_eq!(shop.parents().await, [0; 0]);
    keep(shop.turn("INSERT INTO parents VALUES (7)").await).await.unwrap();
    assert_eq!(shop.parents().await, [7]);
}

#[tokio::test]
async fn when_the_database_undoes_a_group_by_itself_nobody_has_written_and_the_next_can_r61() {
    let shop = shop().await;
    let first = shop.turn("INSERT INTO parents VALUES (1)").await;
    // As SQLite does when the disk is full.
    let ended = shop
        .later(async |Turn { batch, place }| {
            batch.run(sqlite("ROLLBACK")).await.unwrap();
            place.undo(batch).await
        })
        .await;
    let next = shop.queue("INSERT INTO parents VALUES (2)").await;
    assert!(keep(first).await.is_err());
    assert!(ended.await.unwrap().is_err());
    next.await.unwrap().unwrap();
    assert_eq!(shop.parents().await, [2]);
}

/// Three write, and one more holds its turn.
async fn the_first_is_told_while_the_last_still_writes(bounds: Bounds) {
    let shop = open(bounds).await;
    let first = shop.turn("INSERT INTO parents VALUES (1)").await;
    let others =
        [shop.queue("INSERT INTO parents VALUES (2)").await, shop.queue("INSERT INTO parents VALUES (3)").await];
    let (go_on, held) = oneshot::channel::<()>();
    let last = shop
        .later(async move |turn: Turn| {
            held.await.unwrap();
            keep(turn).await
        })
        .await;
    keep(first).await.unwrap();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(shop.parents().await, [1, 2, 3]);
    go_on.send(()).unwrap();
    last.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_full_group_is_committed_though_others_wait_r61() {
    the_first_is_told_while_the_last_still_writes(Bounds { most: 3, ..BOUNDS }).await;
}

#[tokio::test]
async fn an_old_group_is_committed_though_others_wait_r61() {
    the_first_is_told_while_the_last_still_writes(Bounds { longest: Duration::ZERO, ..BOUNDS }).await;
}
