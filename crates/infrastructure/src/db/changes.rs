//! How servers of one database tell each other that something that they may keep in memory has changed.
//!
//! A transaction that changes a product adds a row to `changes`, with a new `UUIDv7`, as its last statement. Every server
//! looks several times a second for rows that it has not seen. Ids are made a moment before their commit, and clocks
//! differ, so a look goes back for a while; what it finds again it has seen.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::Uuid;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::connect::Pools;
use super::entities::changes::{Column, Entity, Model};
use super::session::Session as _;
use super::tx::DbTx;
use crate::cache::Catalogue;

/// The topic of a change of a product, or of whether it is in stock.
const PRODUCTS: &str = "products";

/// How often a server looks. With a look of 100 ms a change is seen within 400 ms.
const PAUSE: Duration = Duration::from_millis(200);
/// How far back a look goes: longer than a commit takes, and than clocks differ.
const BACK: Duration = Duration::from_secs(30);
/// How long rows are kept.
const KEEP: Duration = Duration::from_mins(10);
/// How many looks there are between two that also remove what is old.
const LOOKS_TO_PURGE: u32 = 300;

impl DbTx {
    /// Notes that a product changes: `commit` tells the others.
    pub fn change_products(&mut self) {
        self.products_changed = true;
    }

    /// Tells the others, if a product has changed.
    pub fn tell_changes(&self) {
        if self.products_changed {
            self.insert_later([Model { id: Uuid::now_v7(), topic: PRODUCTS.to_owned() }]);
        }
    }
}

/// Follows the changes of every server, and never ends.
pub(super) async fn follow(pools: Pools, catalogue: Arc<Catalogue>) -> Infallible {
    let mut follower = Follower { pools, seen: HashSet::new() };
    let mut looks = 0_u32;
    loop {
        let began = Instant::now();
        match follower.look().await {
            Ok(anything_new) => catalogue.looked(began, anything_new),
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
    seen: HashSet<Uuid>,
}

impl Follower {
    /// Whether there is a change that was not there at the last look.
    async fn look(&mut self) -> Result<bool, DbErr> {
        let find = Entity::find().select_only().column(Column::Id);
        let find = find.filter(Column::Topic.eq(PRODUCTS)).filter(Column::Id.gte(first_id(BACK)));
        let found: HashSet<Uuid> = self.pools.read.ids(&find).await?.into_iter().collect();
        let anything_new = !found.is_subset(&self.seen);
        self.seen = found;
        Ok(anything_new)
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
