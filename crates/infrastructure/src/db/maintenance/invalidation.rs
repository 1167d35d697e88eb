//! The servers of one database notify each other of changes to cached data.
//!
//! A transaction that changes a product or the rights of an account adds a row with a new `UUIDv7` to `changes`, as its
//! last statement. Every server polls for new rows several times a second. An id is created shortly before its commit, so
//! each poll also reads the rows of some time before and ignores those that it has seen. Ids are made, and rows are read,
//! by the clock of the database server. Servers of one SQLite file have no clock but their own, so there that time is
//! longer.

use std::collections::HashSet;
use std::convert::Infallible;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::Clock as _;
use domain::products::ProductId;
use domain::{UtcDateTime, Uuid};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter};

use crate::cache::{Changes, Recount, Subject};
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::changes::{Column, Entity, Model};
use crate::db::pools::Pools;
use crate::db::repositories::DbTx;
use crate::system::ShopClock;

/// Pause between two polls. If a poll takes 100 ms, a change is seen within 400 ms.
const PAUSE: Duration = Duration::from_millis(200);
/// How far back a poll reads: longer than a commit takes.
const OVERLAP: Duration = Duration::from_secs(30);
/// How far back a poll reads in a SQLite file: longer than clocks differ.
const OVERLAP_WITHOUT_CLOCK: Duration = Duration::from_mins(2);
/// A pause after which changes may have been missed, as while the machine was suspended.
const SUSPENDED: Duration = Duration::from_secs(15);
/// Polls between two questions for the time of the database.
const POLLS_PER_CLOCK: u32 = 50;
/// How long rows are kept.
const RETENTION: Duration = Duration::from_mins(10);
/// How many rows one statement adds.
const ROWS_AT_ONCE: usize = 500;
/// Polls between two purges of expired rows.
const POLLS_PER_PURGE: u32 = 300;

impl DbTx {
    /// Records a change, which the commit publishes.
    pub fn change(&mut self, subject: Subject) {
        self.changed.insert(subject);
    }

    /// Records that products change, and what is counted of them.
    pub fn change_products(&mut self, ids: impl IntoIterator<Item = ProductId>) {
        self.change(Subject::Products);
        self.recount.add(ids.into_iter().map(|id| id.0));
    }

    /// Records that any product may change, and what is counted of it.
    pub fn change_any_product(&mut self) {
        self.change(Subject::Products);
        self.recount = Recount::Any;
    }

    /// Publishes the changes of this transaction to other servers.
    pub fn publish_changes(&self) {
        let clock = self.changes.clock();
        let row = |topic: &Subject, product_id| Model { id: clock.id(), topic: topic.name().to_owned(), product_id };
        let rows = self.changed.iter().flat_map(|topic| match (topic, &self.recount) {
            (Subject::Products, Recount::These(ids)) => ids.iter().map(|id| row(topic, Some(*id))).collect(),
            (Subject::Products, Recount::Nothing) => vec![row(topic, Some(Uuid::nil()))],
            _ => vec![row(topic, None)],
        });
        for some in rows.collect::<Vec<_>>().chunks(ROWS_AT_ONCE) {
            self.insert_deferred(some.iter().cloned());
        }
    }
}

/// Polls for changes by all servers. Never returns.
pub(in crate::db) async fn follow(pools: Pools, changes: Arc<Changes>) -> Infallible {
    let clock = changes.clock();
    let mut follower = Follower::new(pools, clock.now());
    let mut looks = 0_u32;
    // As far as this server knows: the last one may have ended before it could do it.
    changes.erased();
    loop {
        if looks.is_multiple_of(POLLS_PER_CLOCK)
            && let Err(error) = agree_on_time(&follower.pools, clock).await
        {
            tracing::debug!(%error, "the database did not tell the time");
        }
        let (began, now) = (Instant::now(), clock.now());
        match follower.look(now).await {
            Ok(News { topics, recount }) => {
                for recount in &recount {
                    changes.counted().changed(recount);
                }
                changes.looked(began, |subject| topics.contains(subject.name()));
            }
            Err(error) => tracing::debug!(%error, "cannot look for the changes of other servers"),
        }
        if changes.take_erased() && !empty_log(&follower.pools).await {
            // Somebody reads. The next round tries again.
            changes.erased();
        }
        looks = (looks + 1) % POLLS_PER_PURGE;
        if looks == 0
            && let Err(error) = purge(&follower.pools, now).await
        {
            tracing::debug!(%error, "expired changes were not purged; the next purge will do");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What a poll finds.
struct News {
    /// The topics that have changed.
    topics: HashSet<String>,
    /// What is to be counted again of products.
    recount: Vec<Recount>,
}

struct Follower {
    pools: Pools,
    last_look: UtcDateTime,
    seen: HashSet<Uuid>,
}

impl Follower {
    fn new(pools: Pools, now: UtcDateTime) -> Self {
        Self { pools, last_look: now, seen: HashSet::new() }
    }

    /// The changes since the last poll.
    async fn look(&mut self, now: UtcDateTime) -> Result<News, Error> {
        let overlap = match self.pools.read.backend() {
            DbBackend::Sqlite => OVERLAP_WITHOUT_CLOCK,
            _ => OVERLAP,
        };
        let found = self.pools.read.all(Entity::find().filter(Column::Id.gte(first_id(now, overlap)))).await?;
        let last = mem::replace(&mut self.last_look, now);
        let new: Vec<_> = found.iter().filter(|change| !self.seen.contains(&change.id)).collect();
        let mut topics: HashSet<_> = new.iter().map(|change| change.topic.clone()).collect();
        let products = new.into_iter().filter(|change| change.topic == Subject::Products.name());
        let mut recount: Vec<_> = products.map(recounted).collect();
        // A machine that was suspended has missed changes. The wall clock includes the time of suspension. A clock that was
        // set back reads from another place.
        if (now - last).unsigned_abs() > SUSPENDED {
            topics.extend(Subject::ALL.map(|subject| subject.name().to_owned()));
            recount.push(Recount::Any);
        }
        self.seen = found.into_iter().map(|change| change.id).collect();
        Ok(News { topics, recount })
    }
}

/// What is to be counted again after a change of products.
fn recounted(change: &Model) -> Recount {
    match change.product_id {
        Some(id) if id.is_nil() => Recount::Nothing,
        Some(id) => Recount::These(vec![id]),
        None => Recount::Any,
    }
}

/// Asks a database server for its time. An embedded database has the time of the system.
pub(in crate::db) async fn agree_on_time(pools: &Pools, clock: &ShopClock) -> Result<(), Error> {
    if pools.read.backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let asked = clock.uncorrected();
    let answer = pools.read.run("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)").await?;
    let micros: i64 = answer.rows.first().ok_or_else(Error::no_result)?.at(0)?;
    if let Ok(theirs) = UtcDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000) {
        clock.agree(asked, theirs);
    }
    Ok(())
}

/// Moves the write-ahead log of SQLite into the file and cuts it off, because it still holds what was erased from the
/// file. Returns whether it did. A database server looks after its logs by itself.
async fn empty_log(pools: &Pools) -> bool {
    if pools.write.backend() != DbBackend::Sqlite {
        return true;
    }
    let busy = pools.write.run("PRAGMA wal_checkpoint(TRUNCATE)").await.and_then(|done| match &done.rows[..] {
        [row, ..] => row.at::<i64>(0),
        [] => Ok(0),
    });
    matches!(busy, Ok(0))
}

async fn purge(pools: &Pools, now: UtcDateTime) -> Result<(), Error> {
    let expired = Entity::delete_many().filter(Column::Id.lt(first_id(now, RETENTION)));
    pools.write.execute(&expired).await.map(drop)
}

/// The lowest `UUIDv7` of the time `ago` before now.
fn first_id(now: UtcDateTime, ago: Duration) -> Uuid {
    let then = (now - ago).unix_timestamp_nanos() / 1_000_000;
    Uuid::from_u128(u128::try_from(then).unwrap_or_default() << 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{DatabaseConfig, DatabaseUrl};
    use crate::system::SystemClock;

    async fn open(url: &str) -> Pools {
        let url = DatabaseUrl::parse(url).unwrap();
        Pools::open(&DatabaseConfig { url, max_connections: Some(2), statement_timeout: None }).await.unwrap()
    }

    async fn add_change(pools: &Pools, clock: &ShopClock) {
        let change = Model { id: clock.id(), topic: Subject::Products.name().into(), product_id: None };
        let insert = Entity::insert(sea_orm::IntoActiveModel::into_active_model(change));
        pools.write.execute(&insert).await.unwrap();
    }

    /// How many topics have changed.
    async fn heard(follower: &mut Follower, clock: &ShopClock) -> usize {
        follower.look(clock.now()).await.unwrap().topics.len()
    }

    /// Whether what one server changes is found by another, when their clocks differ by a minute.
    async fn is_found_though_clocks_differ(pools: &Pools) {
        for (one, other) in [(-30, 30), (30, -30)] {
            let (one, other) = (ShopClock::wrong_by(one), ShopClock::wrong_by(other));
            agree_on_time(pools, &one).await.unwrap();
            agree_on_time(pools, &other).await.unwrap();
            let mut follower = Follower::new(pools.clone(), other.now());
            follower.look(other.now()).await.unwrap();
            add_change(pools, &other).await;
            assert_eq!(heard(&mut follower, &other).await, 1);
            assert_eq!(heard(&mut follower, &other).await, 0);
            add_change(pools, &one).await;
            assert_eq!(heard(&mut follower, &other).await, 1, "by a server with another clock");
        }
    }

    #[tokio::test]
    async fn servers_whose_clocks_differ_hear_of_each_others_changes() {
        let folder = tempfile::tempdir().unwrap();
        let pools = open(&format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display())).await;
        pools
            .write
            .run("CREATE TABLE changes (id BLOB PRIMARY KEY, topic TEXT NOT NULL, product_id BLOB) STRICT")
            .await
            .unwrap();
        is_found_though_clocks_differ(&pools).await;
        for variable in ["TEST_MYSQL_URL", "TEST_MARIADB_URL"] {
            let Ok(server) = std::env::var(variable) else {
                assert!(std::env::var_os("CI").is_none(), "{variable} must be set in CI");
                eprintln!("not run: {variable} is not set");
                continue;
            };
            let name = format!("storekeeper_test_{}", SystemClock.now().unix_timestamp_nanos());
            let outside = open(&format!("{server}/mysql")).await;
            outside.bulk.run(format!("CREATE DATABASE {name}").as_str()).await.unwrap();
            let pools = open(&format!("{server}/{name}")).await;
            pools
                .bulk
                .run("CREATE TABLE changes (id BINARY(16) PRIMARY KEY, topic VARCHAR(32) NOT NULL, product_id BINARY(16))")
                .await
                .unwrap();
            is_found_though_clocks_differ(&pools).await;
            pools.close().await;
            outside.bulk.run(format!("DROP DATABASE {name}").as_str()).await.unwrap();
            outside.close().await;
        }
    }

    #[tokio::test]
    async fn a_change_is_found_once_and_after_a_sleep_every_topic_counts_as_changed_r71() {
        let folder = tempfile::tempdir().unwrap();
        let pools = open(&format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display())).await;
        pools
            .write
            .run("CREATE TABLE changes (id BLOB PRIMARY KEY, topic TEXT NOT NULL, product_id BLOB) STRICT")
            .await
            .unwrap();
        let start = SystemClock.now();
        let mut follower = Follower::new(pools.clone(), start);
        let mut at = async |seconds| {
            let mut topics: Vec<_> =
                follower.look(start + Duration::from_secs(seconds)).await.unwrap().topics.into_iter().collect();
            topics.sort();
            topics
        };
        assert_eq!(at(0).await, [""; 0]);
        add_change(&pools, &ShopClock::default()).await;
        assert_eq!(at(1).await, ["products"]);
        assert_eq!(at(2).await, [""; 0], "seen before");
        assert_eq!(at(3 + SUSPENDED.as_secs()).await, ["access", "media", "pricing", "products", "terms"]);
        assert_eq!(at(4 + SUSPENDED.as_secs()).await, [""; 0]);
        purge(&pools, start + RETENTION + Duration::from_secs(5)).await.unwrap();
        assert!(pools.read.all(Entity::find()).await.unwrap().is_empty());
    }
}
