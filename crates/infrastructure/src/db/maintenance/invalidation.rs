//! The servers of one database notify each other of changes to cached data.
//!
//! A transaction that changes a product or the rights of an account adds a row with a new `UUIDv7` to `changes`, as its
//! last statement. Every server polls for new rows several times a second. An id is created shortly before its commit,
//! and clocks differ, so each poll also reads the rows of the last [`OVERLAP`] and ignores those that it has seen.

use std::collections::HashSet;
use std::convert::Infallible;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::{Clock as _, Ids as _};
use domain::{UtcDateTime, Uuid};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter};

use crate::cache::{Changes, Subject};
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::changes::{Column, Entity, Model};
use crate::db::pools::Pools;
use crate::db::repositories::DbTx;
use crate::system::{SystemClock, V7Ids};

/// Pause between two polls. If a poll takes 100 ms, a change is seen within 400 ms.
const PAUSE: Duration = Duration::from_millis(200);
/// How far back a poll reads: longer than a commit takes, and than clocks differ.
const OVERLAP: Duration = Duration::from_secs(30);
/// How long rows are kept.
const RETENTION: Duration = Duration::from_mins(10);
/// Polls between two purges of expired rows.
const POLLS_PER_PURGE: u32 = 300;

impl DbTx {
    /// Records a change, which the commit publishes.
    pub fn change(&mut self, subject: Subject) {
        self.changed.insert(subject);
    }

    /// Publishes the changes of this transaction to other servers.
    pub fn publish_changes(&self) {
        let row = |subject: &Subject| Model { id: V7Ids.next(), topic: subject.name().to_owned() };
        self.insert_deferred(self.changed.iter().map(row));
    }
}

/// Polls for changes by all servers. Never returns.
pub(in crate::db) async fn follow(pools: Pools, changes: Arc<Changes>) -> Infallible {
    let mut follower = Follower::new(pools, SystemClock.now());
    let mut looks = 0_u32;
    // As far as this server knows: the last one may have ended before it could do it.
    changes.erased();
    loop {
        let (began, now) = (Instant::now(), SystemClock.now());
        match follower.look(now).await {
            Ok(new) => changes.looked(began, |subject| new.contains(subject.name())),
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

struct Follower {
    pools: Pools,
    last_look: UtcDateTime,
    seen: HashSet<Uuid>,
}

impl Follower {
    fn new(pools: Pools, now: UtcDateTime) -> Self {
        Self { pools, last_look: now, seen: HashSet::new() }
    }

    /// The topics of the changes since the last poll.
    async fn look(&mut self, now: UtcDateTime) -> Result<HashSet<String>, Error> {
        let found = self.pools.read.all(Entity::find().filter(Column::Id.gte(first_id(now, OVERLAP)))).await?;
        let last = mem::replace(&mut self.last_look, now);
        let new = found.iter().filter(|change| !self.seen.contains(&change.id));
        let mut topics: HashSet<_> = new.map(|change| change.topic.clone()).collect();
        // A machine that was suspended has missed changes. The wall clock includes the time of suspension.
        if now - last > OVERLAP / 2 {
            topics.extend(Subject::ALL.map(|subject| subject.name().to_owned()));
        }
        self.seen = found.into_iter().map(|change| change.id).collect();
        Ok(topics)
    }
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

    #[tokio::test]
    async fn a_change_is_found_once_and_after_a_sleep_every_topic_counts_as_changed_r71() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        let url = DatabaseUrl::parse(&url).unwrap();
        let pools = Pools::open(&DatabaseConfig { url, max_connections: Some(1) }).await.unwrap();
        pools.write.run("CREATE TABLE changes (id BLOB PRIMARY KEY, topic TEXT NOT NULL) STRICT").await.unwrap();
        let start = SystemClock.now();
        let mut follower = Follower::new(pools.clone(), start);
        let mut at = async |seconds| {
            let mut topics: Vec<_> =
                follower.look(start + Duration::from_secs(seconds)).await.unwrap().into_iter().collect();
            topics.sort();
            topics
        };
        assert_eq!(at(0).await, [""; 0]);
        let change = Model { id: V7Ids.next(), topic: Subject::Products.name().into() };
        let insert = Entity::insert(sea_orm::IntoActiveModel::into_active_model(change));
        pools.write.execute(&insert).await.unwrap();
        assert_eq!(at(1).await, ["products"]);
        assert_eq!(at(2).await, [""; 0], "seen before");
        assert_eq!(at(2 + OVERLAP.as_secs()).await, ["access", "products"]);
        assert_eq!(at(3 + OVERLAP.as_secs()).await, [""; 0]);
        purge(&pools, start + RETENTION + Duration::from_secs(5)).await.unwrap();
        assert!(pools.read.all(Entity::find()).await.unwrap().is_empty());
    }
}
