//! Running servers, each of which leaves a heartbeat in the database: a lease that it renews as long as it runs.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use application::{Clock as _, Ids as _};
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::db::convert::{micros, time};
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::leases::{Column, Entity, Model};
use crate::db::pools::Pools;
use crate::system::{SystemClock, V7Ids};

/// How often a server renews its lease.
const RENEWAL: Duration = Duration::from_secs(10);
/// How long a lease lasts: a server that was killed counts as running for so long.
const LASTS: Duration = Duration::from_secs(30);
/// What the lease of a server begins with, before host and address.
const PREFIX: &str = "server ";
/// The most characters of the name of a lease.
const MAX_NAME: usize = 64;

/// A server that runs, or was killed a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningServer {
    /// Host and address.
    pub name: String,
    /// When it counts as stopped without another heartbeat.
    pub until: UtcDateTime,
}

/// The heartbeat of this server.
#[derive(Debug, Clone)]
pub struct Heartbeat {
    pools: Pools,
    task: String,
    holder: Uuid,
    has_ended: Arc<AtomicBool>,
}

impl Heartbeat {
    pub(in crate::db) fn new(pools: Pools, address: &str) -> Self {
        let holder = V7Ids.next();
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        // The last characters of the id are random. They tell two servers at the same address of containers apart.
        let end = format!(" {address} {:06x}", holder.as_u128() & 0xff_ffff);
        let room = MAX_NAME.saturating_sub(PREFIX.len() + end.len());
        let host: String = host.trim().chars().filter(char::is_ascii_graphic).take(room).collect();
        Self { pools, task: format!("{PREFIX}{host}{end}"), holder, has_ended: Arc::default() }
    }

    /// Renews the lease, unless it was given up.
    ///
    /// # Errors
    /// If the database does not answer, or cannot write.
    pub async fn renew(&self) -> Result<(), StoreError> {
        if self.has_ended.load(Ordering::Acquire) {
            return Ok(());
        }
        let until = SystemClock.now() + LASTS;
        let renewal = Entity::update_many()
            .col_expr(Column::UntilAt, Expr::val(micros(until)))
            .filter(Column::Task.eq(&*self.task))
            .filter(Column::Holder.eq(self.holder));
        if self.pools.write.execute(&renewal).await? > 0 {
            return Ok(());
        }
        let lease = Model { task: self.task.clone(), holder: self.holder, until_at: micros(until) };
        self.pools.write.execute(&Entity::insert(lease.into_active_model())).await?;
        Ok(self.forget_the_dead().await?)
    }

    /// Deletes the leases of servers that were killed.
    async fn forget_the_dead(&self) -> Result<(), Error> {
        let dead = Entity::delete_many()
            .filter(Column::Task.starts_with(PREFIX))
            .filter(Column::UntilAt.lt(micros(SystemClock.now())));
        self.pools.write.execute(&dead).await.map(drop)
    }

    /// Renews the lease again and again, and reports whether that worked.
    pub async fn keep(self, mut report: impl FnMut(Result<(), StoreError>)) -> Infallible {
        loop {
            tokio::time::sleep(RENEWAL).await;
            report(self.renew().await);
        }
    }

    /// Gives the lease up, because this server stops.
    ///
    /// # Errors
    /// If the database does not answer. Then the lease ends by itself.
    pub async fn end(&self) -> Result<(), StoreError> {
        self.has_ended.store(true, Ordering::Release);
        let mine = Entity::delete_many().filter(Column::Task.eq(&*self.task)).filter(Column::Holder.eq(self.holder));
        Ok(self.pools.write.execute(&mine).await.map(drop)?)
    }
}

/// The servers that run on this database. The leases must exist.
pub(super) async fn running(db: &impl ConnectionTrait) -> Result<Vec<RunningServer>, sea_orm::DbErr> {
    let found = Entity::find()
        .filter(Column::Task.starts_with(PREFIX))
        .filter(Column::UntilAt.gt(micros(SystemClock.now())))
        .order_by_asc(Column::Task)
        .all(db)
        .await?;
    let server = |lease: Model| {
        let name = lease.task.trim_start_matches(PREFIX).to_owned();
        Some(RunningServer { name, until: time(lease.until_at).ok()? })
    };
    Ok(found.into_iter().filter_map(server).collect())
}
