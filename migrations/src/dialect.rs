//! What the databases call differently.

use sea_orm_migration::sea_orm::DbBackend;

/// Fills the placeholders of a table definition:
///
/// | placeholder | MySQL, MariaDB | SQLite |
/// | --- | --- | --- |
/// | `{id}` | `BINARY(16)` | `BLOB` |
/// | `{hash}` | `BINARY(32)` | `BLOB` |
/// | `{bytes}` | `LONGBLOB` | `BLOB` |
/// | `{int}`: a number, a time in microseconds since 1970, money in minor units | `BIGINT` | `INTEGER` |
/// | `{bool}` | `BOOLEAN` | `INTEGER` |
/// | `{text(n)}`: up to n characters | `VARCHAR(n)` | `TEXT` |
/// | `{long_text}`: up to 64 KiB | `TEXT` | `TEXT` |
/// | `{longest_text}`: of any length | `LONGTEXT` | `TEXT` |
/// | `{computed}`: after an expression; SQLite adds no such column that it would have to write | `STORED` | `VIRTUAL` |
pub fn types(backend: DbBackend, definition: &str) -> String {
    let sqlite = backend == DbBackend::Sqlite;
    let names = if sqlite {
        ["BLOB", "BLOB", "BLOB", "INTEGER", "INTEGER", "TEXT", "TEXT", "VIRTUAL"]
    } else {
        ["BINARY(16)", "BINARY(32)", "LONGBLOB", "BIGINT", "BOOLEAN", "TEXT", "LONGTEXT", "STORED"]
    };
    let fixed = ["{id}", "{hash}", "{bytes}", "{int}", "{bool}", "{long_text}", "{longest_text}", "{computed}"];
    let filled = fixed.into_iter().zip(names).fold(definition.to_owned(), |sql, (from, to)| sql.replace(from, to));
    texts(sqlite, &filled)
}

fn texts(sqlite: bool, definition: &str) -> String {
    let mut parts = definition.split("{text(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |sql, part| match part.split_once(")}") {
        Some((_, rest)) if sqlite => sql + "TEXT" + rest,
        Some((length, rest)) => sql + "VARCHAR(" + length + ")" + rest,
        None => sql + "{text(" + part,
    })
}

/// How a table keeps its rows. `clustered` says that they are small and best kept in order of the primary key, which
/// `InnoDB` always does.
///
/// The collation is by code point and minds case, as SQLite's own is, so that all databases sort and compare alike.
pub fn options(backend: DbBackend, clustered: bool) -> &'static str {
    match (backend, clustered) {
        (DbBackend::Sqlite, false) => "STRICT",
        (DbBackend::Sqlite, true) => "STRICT, WITHOUT ROWID",
        _ => "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_for_each_database() {
        let definition = "id {id}, name {text(200)} NOT NULL, code {text(3)}, at {int}, body {bytes}";
        let mysql = "id BINARY(16), name VARCHAR(200) NOT NULL, code VARCHAR(3), at BIGINT, body LONGBLOB";
        assert_eq!(types(DbBackend::MySql, definition), mysql);
        let sqlite = "id BLOB, name TEXT NOT NULL, code TEXT, at INTEGER, body BLOB";
        assert_eq!(types(DbBackend::Sqlite, definition), sqlite);
    }
}
