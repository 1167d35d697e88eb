use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::super::tests;
use super::*;

struct Shop {
    writer: Arc<SingleWriter>,
    reader: Pool,
    _folder: tempfile::TempDir,
}

type Ending = JoinHandle<Result<(), Error>>;

/// Groups of any age.
const LIMITS: GroupLimits = GroupLimits { members: 64, age: Duration::MAX };

async fn shop() -> Shop {
    open(LIMITS).await
}

async fn open(limits: GroupLimits) -> Shop {
    let (pool, folder) = tests::sqlite();
    for sql in [
        "CREATE TABLE parents (n INTEGER PRIMARY KEY)",
        "CREATE TABLE notes (n INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)",
    ] {
        pool.run(sql).await.unwrap();
    }
    let reader = tests::sqlite_pool(&format!("file:{}", folder.path().join("shop.db").display()), true);
    let writer = Arc::new(SingleWriter::on(Handle::current(), pool, limits));
    Shop { writer, reader, _folder: folder }
}

impl Shop {
    /// Begins a transaction and runs `sql` in it.
    async fn begin(&self, sql: &str) -> Transaction {
        let transaction = self.writer.begin(false).await.unwrap();
        transaction.run(sql).await.unwrap();
        transaction
    }

    /// The same in the background, and commits. When this returns, the task waits until it may write.
    async fn queue(&self, sql: &'static str) -> Ending {
        self.spawn(async move |transaction| {
            transaction.run(sql).await.unwrap();
            transaction.commit().await
        })
        .await
    }

    async fn spawn<F>(&self, work: impl FnOnce(Transaction) -> F + Send + 'static) -> Ending
    where
        F: Future<Output = Result<(), Error>> + Send,
    {
        let writer = self.writer.clone();
        let task = tokio::spawn(async move { work(writer.begin(false).await?).await });
        sleep(Duration::from_millis(10)).await;
        task
    }

    async fn parents(&self) -> Vec<i64> {
        let rows = self.reader.run("SELECT n FROM parents ORDER BY n").await.unwrap().rows;
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_group_is_visible_only_after_its_commit_r61() {
    let shop = shop().await;
    let first = shop.begin("INSERT INTO parents VALUES (1)").await;
    let last = shop.queue("INSERT INTO parents VALUES (2)").await;
    let (go_on, held) = oneshot::channel::<()>();
    let slow = shop
        .spawn(async move |transaction| {
            held.await.unwrap();
            transaction.commit().await
        })
        .await;
    let first = tokio::spawn(first.commit());
    sleep(Duration::from_millis(100)).await;
    assert!(!first.is_finished() && !last.is_finished(), "acknowledged before the commit");
    assert_eq!(shop.parents().await, [0; 0]);
    go_on.send(()).unwrap();
    for ended in [first, last, slow] {
        ended.await.unwrap().unwrap();
    }
    assert_eq!(shop.parents().await, [1, 2]);
}

#[tokio::test]
async fn a_member_that_is_rolled_back_or_dropped_leaves_the_others_alone_r61() {
    let shop = shop().await;
    let first = shop.begin("INSERT INTO parents VALUES (1)").await;
    let undone = shop
        .spawn(async |transaction| {
            transaction.run("INSERT INTO parents VALUES (2)").await.unwrap();
            transaction.rollback().await
        })
        .await;
    let third = shop.queue("INSERT INTO parents VALUES (3)").await;
    let panicked = shop
        .spawn(async |transaction| {
            transaction.run("INSERT INTO parents VALUES (4)").await.unwrap();
            panic!("a command panics");
        })
        .await;
    let gone = shop.queue("INSERT INTO parents VALUES (5)").await;
    gone.abort();
    let sixth = shop.queue("INSERT INTO parents VALUES (6)").await;
    first.commit().await.unwrap();
    undone.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert!(panicked.await.unwrap_err().is_panic());
    sixth.await.unwrap().unwrap();
    assert_eq!(shop.parents().await, [1, 3, 6]);
}

#[tokio::test]
async fn waiting_transactions_share_the_commit_r61() {
    let shop = Arc::new(shop().await);
    let writes = (1..=3).map(|n| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            let transaction = shop.begin(&format!("INSERT INTO parents VALUES ({n})")).await;
            transaction.commit().await.unwrap();
            shop.parents().await
        })
    });
    for seen in writes.collect::<Vec<_>>() {
        assert_eq!(seen.await.unwrap(), [1, 2, 3], "acknowledged after a commit of its own");
    }
}

#[tokio::test]
async fn when_the_commit_fails_no_member_has_written_r61() {
    let shop = shop().await;
    let first = shop.begin("INSERT INTO parents VALUES (1)").await;
    let bad = shop.queue("INSERT INTO notes VALUES (99)").await;
    let refused = shop.spawn(Transaction::rollback).await;
    assert_eq!(first.commit().await.unwrap_err().kind, ErrorKind::Other);
    assert_eq!(bad.await.unwrap().unwrap_err().kind, ErrorKind::Other);
    // It may have rolled back because of a row that is not there now.
    assert_eq!(refused.await.unwrap().unwrap_err().kind, ErrorKind::Conflict);
    assert_eq!(shop.parents().await, [0; 0]);
    shop.begin("INSERT INTO parents VALUES (7)").await.commit().await.unwrap();
    assert_eq!(shop.parents().await, [7]);
}

#[tokio::test]
async fn when_the_database_rolls_back_a_group_no_member_has_written_and_the_next_can_r61() {
    let shop = shop().await;
    let first = shop.begin("INSERT INTO parents VALUES (1)").await;
    // As SQLite does when the disk is full.
    let ended = shop
        .spawn(async |transaction| {
            transaction.run("ROLLBACK").await.unwrap();
            transaction.rollback().await
        })
        .await;
    let next = shop.queue("INSERT INTO parents VALUES (2)").await;
    assert!(first.commit().await.is_err());
    assert!(ended.await.unwrap().is_err());
    next.await.unwrap().unwrap();
    assert_eq!(shop.parents().await, [2]);
}

/// Three write, and a fourth one holds its transaction open.
async fn the_first_is_acknowledged_while_the_last_still_writes(limits: GroupLimits) {
    let shop = open(limits).await;
    let first = shop.begin("INSERT INTO parents VALUES (1)").await;
    let others =
        [shop.queue("INSERT INTO parents VALUES (2)").await, shop.queue("INSERT INTO parents VALUES (3)").await];
    let (go_on, held) = oneshot::channel::<()>();
    let last = shop
        .spawn(async move |transaction| {
            held.await.unwrap();
            transaction.commit().await
        })
        .await;
    first.commit().await.unwrap();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(shop.parents().await, [1, 2, 3]);
    go_on.send(()).unwrap();
    last.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_full_group_is_committed_though_others_wait_r61() {
    the_first_is_acknowledged_while_the_last_still_writes(GroupLimits { members: 3, ..LIMITS }).await;
}

#[tokio::test]
async fn an_old_group_is_committed_though_others_wait_r61() {
    the_first_is_acknowledged_while_the_last_still_writes(GroupLimits { age: Duration::ZERO, ..LIMITS }).await;
}

#[tokio::test]
async fn an_exclusive_writer_begins_after_a_commit_and_others_wait_for_it() {
    let shop = shop().await;
    let first = shop.begin("INSERT INTO parents VALUES (1)").await;
    let writer = shop.writer.clone();
    let alone = tokio::spawn(async move { writer.begin(true).await });
    sleep(Duration::from_millis(10)).await;
    let last = shop.queue("INSERT INTO parents VALUES (2)").await;
    first.commit().await.unwrap();
    let alone = alone.await.unwrap().unwrap();
    sleep(Duration::from_millis(10)).await;
    assert_eq!(shop.parents().await, [1], "the first is committed, and the last waits");
    assert!(!last.is_finished());
    drop(alone);
    last.await.unwrap().unwrap();
    assert_eq!(shop.parents().await, [1, 2]);
}
