//! What the error numbers of the databases mean.

use rusqlite::ffi;

use super::engine::ErrorKind;

/// What an error number of MySQL or MariaDB means.
/// <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>
pub(super) fn mysql(number: u16, message: &str) -> ErrorKind {
    match number {
        1022 | 1062 | 1169 | 1586 | 1859 => ErrorKind::Duplicate(quoted(message.trim_end_matches('\'').rsplit('\''))),
        1048 => ErrorKind::NotNull(quoted(message.split('\'').skip(1))),
        1146 => ErrorKind::UnknownTable,
        1205 => ErrorKind::LockTimeout,
        20 | 28 | 1021 | 1114 | 3675 // the disk, a table or a tablespace is full
            => ErrorKind::Full,
        // A file or a storage engine failed. The number that it names is that of the operating system.
        3 | 1026 | 1030 if names_full_disk(message) => ErrorKind::Full,
        1213 // deadlock, and on Galera a commit that other nodes do not certify
        | 1020 // MariaDB: the row has changed since the snapshot
        | 3101 // Group Replication rolled the transaction back
            => ErrorKind::Conflict,
        1040 | 1129 | 1203 // too many connections; the host is blocked; too many connections of this user
        | 1047 | 1053 | 1927 // the node is not ready (Galera); shutting down; connection killed
        | 1290 | 1792 | 1836 // read-only
        | 1969 | 3024 | 1317 | 3170 // the statement took too long, was killed, or ran out of memory while it was planned
        | ..1000 // of files and storage engines, such as 13, 28 and 188, which MariaDB gives for a search that is cut off
        | 1026 | 1030 | 1878 // a file cannot be written
        | 1037 | 1038 | 1041 | 1135 | 1206 | 3950 // out of memory, threads or locks
        | 1158..=1161 // the network between client and server
        | 1180 | 1181 | 1297 | 1598 // commit or rollback failed; a temporary failure; the binary log cannot be written
        | 3169 // the session was killed
        | 2003 | 2006 | 2013 | 4031 // not reached; gone; lost; idle for too long
        | 3032 | 3100 // the group has no majority; its hook failed
        | 3797..=3799 | 4094 // the group waits for older transactions, stops, or gives itself another primary
            => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}

/// Whether one of the numbers in a message is `ENOSPC` of Linux.
fn names_full_disk(message: &str) -> bool {
    message.split(|c: char| !c.is_ascii_digit()).any(|number| number == "28")
}

/// What an extended result code of SQLite means. <https://www.sqlite.org/rescode.html>
pub(super) fn sqlite(code: i32, message: &str) -> ErrorKind {
    let constraint = || message.rsplit("failed: ").next().unwrap_or_default().to_owned();
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::Duplicate(constraint()),
        ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNull(constraint()),
        ffi::SQLITE_ERROR if message.contains("no such table") => ErrorKind::UnknownTable,
        // The low byte is the primary code: 517, SQLITE_BUSY_SNAPSHOT, is a SQLITE_BUSY.
        code if matches!(code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED) => ErrorKind::Conflict,
        // The log, or its index in memory that is shared with other processes, cannot grow.
        ffi::SQLITE_FULL | ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE => ErrorKind::Full,
        // Among them other SQLITE_IOERR, SQLITE_READONLY and SQLITE_CORRUPT, which want an operator.
        _ => ErrorKind::Other,
    }
}

/// The first of these parts. Everything before the key of a duplicate may be anybody's text, also quotation marks.
fn quoted<'a>(mut parts: impl Iterator<Item = &'a str>) -> String {
    parts.next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::engine::Error;
    use super::*;

    #[test]
    fn the_key_is_read_from_the_end_of_a_message_whatever_the_value_is() {
        let message =
            "Duplicate entry 'for key 'products.products_sku_unique'' for key 'customers.customers_email_unique'";
        let duplicate = |key: &str| ErrorKind::Duplicate(key.into());
        assert_eq!(mysql(1062, message), duplicate("customers.customers_email_unique"));
        assert_eq!(mysql(1062, "Duplicate entry 'x' for key 'PRIMARY'"), duplicate("PRIMARY"));
        assert_eq!(mysql(1048, "Column 'sequence' cannot be null"), ErrorKind::NotNull("sequence".into()));
    }

    #[test]
    fn a_failed_file_is_a_full_disk_only_if_the_system_says_so() {
        for (message, kind) in [
            ("Got error 28 'No space left on device' from storage engine", ErrorKind::Full),
            ("Error writing file './shop/#sql' (OS errno 28 - No space left on device)", ErrorKind::Full),
            ("Got error 128 'Out of memory in engine' from storage engine", ErrorKind::Unavailable),
        ] {
            assert_eq!(mysql(1030, message), kind, "{message}");
        }
    }

    #[test]
    fn a_failed_write_to_a_file_says_whether_the_disk_is_full() {
        for (number, message, kind) in [
            (1026, "Error writing file './shop/orders.ibd' (OS errno 28 - No space left on device)", ErrorKind::Full),
            (1030, "Got error 28 \"No space left on device\" from storage engine InnoDB", ErrorKind::Full),
            (3, "Error writing file '/tmp/x' (Errcode: 28)", ErrorKind::Full),
        ] {
            assert_eq!(mysql(number, message), kind, "{message}");
        }
        assert_ne!(mysql(1030, "Got error 1 from storage engine"), ErrorKind::Full);
        assert_eq!(Error::new(ErrorKind::Full, "full").on_commit().kind, ErrorKind::Full, "nothing was committed");
    }
}
