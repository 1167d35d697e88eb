use sea_orm::DbBackend;

use crate::db::engine::{Executor as _, Pool};
use crate::db::pools::Pools;

/// The current number of connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// The purpose of the pool: `read`, `write`, or `all` if one pool does both, and `lists`.
    pub pool: &'static str,
    /// All open connections.
    pub open: u32,
    /// Open connections that are not in use.
    pub idle: u32,
}

/// The pools that requests use.
pub(in crate::db) fn of(pools: &Pools) -> Vec<Connections> {
    if pools.write.backend() == DbBackend::Sqlite {
        return vec![count("read", &pools.read), count("lists", &pools.lists), count("write", &pools.write)];
    }
    vec![count("all", &pools.write), count("lists", &pools.lists)]
}

fn count(name: &'static str, pool: &Pool) -> Connections {
    let (open, idle) = pool.size();
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Connections { pool: name, open: number(open), idle: number(idle) }
}
