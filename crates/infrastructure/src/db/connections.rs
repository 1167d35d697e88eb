use sea_orm::DbBackend;

use super::connect::Pools;
use super::pool::Pool;
use super::session::Session as _;

/// How many connections a pool has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// What they are for: `read`, `write`, or `all` where one pool does both.
    pub pool: &'static str,
    /// All that are open.
    pub open: u32,
    /// Those that nobody uses.
    pub idle: u32,
}

/// The connections of the pools that requests use.
pub(super) fn of(pools: &Pools) -> Vec<Connections> {
    if pools.write.backend() == DbBackend::Sqlite {
        return vec![count("read", pools.read.pool()), count("write", &pools.write)];
    }
    vec![count("all", &pools.write)]
}

fn count(name: &'static str, pool: &Pool) -> Connections {
    let (open, idle) = pool.size();
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Connections { pool: name, open: number(open), idle: number(idle) }
}
