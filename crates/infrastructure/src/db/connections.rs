use sea_orm::DatabaseConnectionType::{Disconnected, SqlxMySqlPoolConnection, SqlxSqlitePoolConnection};
use sea_orm::{DatabaseConnection, DbBackend};

use super::connect::Pools;

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

/// The connections of every pool but the one for migrations.
pub(super) fn of(pools: &Pools) -> Vec<Connections> {
    if pools.write.get_database_backend() == DbBackend::Sqlite {
        return vec![count("read", pools.read.pool()), count("write", &pools.write)];
    }
    vec![count("all", &pools.write)]
}

fn count(pool: &'static str, connection: &DatabaseConnection) -> Connections {
    let (open, idle) = match &connection.inner {
        SqlxMySqlPoolConnection(_) => size(connection.get_mysql_connection_pool()),
        SqlxSqlitePoolConnection(_) => size(connection.get_sqlite_connection_pool()),
        Disconnected => (0, 0),
    };
    Connections { pool, open, idle }
}

fn size<D: sea_orm::sqlx::Database>(pool: &sea_orm::sqlx::Pool<D>) -> (u32, u32) {
    (pool.size(), u32::try_from(pool.num_idle()).unwrap_or(u32::MAX))
}
