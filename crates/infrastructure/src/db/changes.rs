//! How servers of one database tell each other that something that they may keep in memory has changed.
//!
//! A transaction that changes a product or what an account may do adds a row to `changes`, with a new `UUIDv7`, as its last
//! statement. Every server looks several times a second for rows that it has not seen. Ids are made a moment before their
//! commit, and clocks differ, so a look goes back for a while; what it finds again it has seen.

use std::collections::HashSet;
use std::convert::Infallible;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::Uuid;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::connect::Pools;
use super::entities::changes::{Column, Entity, Model};
use super::session::Session as _;
use super::tx::DbTx;
use crate::cache::{Changes, Subject};

/// How often a server looks. With a look of 100 ms a change is seen within 400 ms.
const PAUSE: Duration = Duration::from_millis(200);
/// How far back a look goes: longer than a commit takes, and than clocks differ.
const BACK: Duration = Duration::from_secs(30);
/// How long rows are kept.
const KEEP: Duration = Duration::from_mins(10);
/// How many looks there are between two that also remove what is old.
const LOOKS_TO_PURGE: u32 = 300;

impl DbTx {
    /// Notes that something changes: `commit` tells the others.
    pub fn change(&mut self, subject: Subject) {
        self.changed.insert(subject);
    }

    /// Tells the others what has changed.
    pub fn tell_changes(&self) {
        let row = |subject: &Subject| Model { id: Uuid::now_v7(), topic: subject.name().to_owned() };
        self.insert_later(self.changed.iter().map(row));
    }
}

/// Follows the changes of every server, and never ends.
pub(super) async fn follow(pools: Pools, changes: Arc<Changes>) -> Infallible {
    let mut follower = Follower { pools, looked: SystemTime::now(), seen: HashSet::new() };
    let mut looks = 0_u32;
    loop {
        let began = Instant::now();
        match follower.look().await {
            Ok(new) => changes.looked(began, |subject| new.contains(subject.name())),
            Err(error) => tracing::debug!(%error, "cannot look for the changes of other servers"),
        }
        looks = (looks + 1) % LOOKS_TO_PURGE;
        if looks == 0
            && let Err(error) = purge(&follower.pools).await
        {
            tracing::debug!(%error, "old changes were not removed; the next time will do");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

struct Follower {
    pools: Pools,
    /// When it last did.
    looked: SystemTime,
    seen: HashSet<Uuid>,
}

impl Follower {
    /// The topics of the changes that were not there at the last look.
    async fn look(&mut self) -> Result<HashSet<String>, DbErr> {
        let now = SystemTime::now();
        let found = self.pools.read.all(Entity::find().filter(Column::Id.gte(first_id(BACK)))).await?;
        let last = mem::replace(&mut self.looked, now);
        let new = found.iter().filter(|change| !self.seen.contains(&change.id));
        let mut topics: HashSet<_> = new.map(|change| change.topic.clone()).collect();
        // By the clock of the ids, which goes on while a machine sleeps.
        if now.duration_since(last).unwrap_or_default() > BACK / 2 {
            topics.extend(Subject::ALL.map(|subject| subject.name().to_owned()));
        }
        self.seen = found.into_iter().map(|change| change.id).collect();
        Ok(topics)
    }
}

async fn purge(pools: &Pools) -> Result<(), DbErr> {
    pools.write.execute(&Entity::delete_many().filter(Column::Id.lt(first_id(KEEP)))).await.map(drop)
}

/// The lowest id of those that are made `ago`.
fn first_id(ago: Duration) -> Uuid {
    let then = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(ago);
    Uuid::from_u128(then.as_millis() << 80)
}
