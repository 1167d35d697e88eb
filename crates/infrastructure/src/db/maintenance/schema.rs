use std::collections::BTreeSet;

use crate::db::engine::{Error, ErrorKind, Executor as _, FromRow, Row};
use crate::db::pools::Pools;

struct Applied(String);

impl FromRow for Applied {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(row.at(0)?))
    }
}

/// Compares the schema with that of this program, for the readiness check. Returns what differs, `None` if nothing does.
pub(in crate::db) async fn check_schema(pools: &Pools) -> Result<Option<String>, Error> {
    let found: Vec<Applied> = match pools.read.rows("SELECT version FROM seaql_migrations").await {
        Err(error) if error.kind == ErrorKind::UnknownTable => Vec::new(),
        found => found?,
    };
    let (found, names): (BTreeSet<_>, _) = (found.into_iter().map(|Applied(name)| name).collect(), migrations::names());
    let missing = names.iter().find(|name| !found.contains(*name));
    let unknown = found.iter().find(|name| !names.contains(name));
    Ok(match (missing, unknown) {
        (None, None) => None,
        (Some(name), _) => Some(format!("the schema lacks the migration {name}")),
        (None, Some(name)) => Some(format!("the schema has the migration {name}, which this version does not know")),
    })
}
