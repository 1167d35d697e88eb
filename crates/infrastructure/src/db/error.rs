//! What an error of the database means.

use domain::{StoreError, UniqueKey};
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr};

/// The keys whose violation is somebody's mistake rather than ours: the constraint as MySQL and MariaDB name it, the
/// columns that SQLite names instead, and what they keep unique.
const KEYS: [(&str, &str, UniqueKey); 4] = [
    ("customers_email_unique", "customers.email_key", UniqueKey::CustomerEmail),
    ("accounts_username_unique", "accounts.username", UniqueKey::AccountUsername),
    ("accounts_customer_unique", "accounts.customer_id", UniqueKey::AccountCustomer),
    ("products_sku_unique", "products.sku", UniqueKey::ProductSku),
];

/// What can be done about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Somebody else has that value.
    Duplicate(UniqueKey),
    /// Run the transaction again.
    Race,
    /// The lock of a row did not come free in time. Also a race.
    LockTimeout,
    /// Wait until the database is back.
    Away,
    /// Nothing.
    Other,
}

/// An error of a statement within a transaction.
pub(super) fn in_tx(error: DbErr) -> StoreError {
    match classify(&error) {
        Class::Duplicate(key) => StoreError::Duplicate(key),
        Class::Race | Class::LockTimeout => StoreError::Raced(error.into()),
        Class::Away => StoreError::Unavailable(error.into()),
        Class::Other => StoreError::Internal(error.into()),
    }
}

/// An error of a statement outside any transaction, or of a `BEGIN`: there is nothing to run again from its start, so
/// one that met a lock was too early.
pub(super) fn on_read(error: DbErr) -> StoreError {
    match in_tx(error) {
        StoreError::Raced(cause) => StoreError::Unavailable(cause),
        other => other,
    }
}

/// An error of a `COMMIT`. One that lost the connection may have come after the commit.
fn on_commit(error: DbErr) -> StoreError {
    match in_tx(error) {
        StoreError::Unavailable(cause) => StoreError::CommitUnknown(cause),
        other => other,
    }
}

/// An error of statements of which the last one, a `COMMIT`, keeps all. The server says what it refuses before that;
/// who loses the connection cannot know.
pub(super) fn on_end(error: DbErr, is_last: bool) -> StoreError {
    if is_last || database_error(&error).is_none() { on_commit(error) } else { in_tx(error) }
}

/// Whether what was taken for granted is not so: there is such a row already, or about to be, or `NULL` stands where
/// nothing was found.
pub(super) fn is_lost_bet(error: &DbErr) -> bool {
    is_duplicate(error) || is_lock_timeout(error) || database_error(error).and_then(mysql_number) == Some(1048)
}

/// What was sent on an assumption that does not hold: a race, to be run again without it.
pub(super) const LOST_BET: DbErr = DbErr::RecordNotInserted;

/// Whether a row with the same unique or primary key is there already.
pub(super) fn is_duplicate(error: &DbErr) -> bool {
    database_error(error).is_some_and(DatabaseError::is_unique_violation)
}

/// Whether the lock of a row did not come free in time.
pub(super) fn is_lock_timeout(error: &DbErr) -> bool {
    classify(error) == Class::LockTimeout
}

/// Whether somebody else was faster.
pub(super) fn is_race(error: &DbErr) -> bool {
    matches!(classify(error), Class::Race | Class::LockTimeout)
}

/// Whether there is no such table.
pub(super) fn is_unknown_table(error: &DbErr) -> bool {
    database_error(error).and_then(mysql_number) == Some(1146)
}

fn sqlx_error(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn database_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    sqlx_error(error)?.as_database_error()
}

fn mysql_number(error: &dyn DatabaseError) -> Option<u16> {
    error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}

fn classify(error: &DbErr) -> Class {
    if let Some(cause) = database_error(error) {
        let class = of_database(cause);
        // A login that was refused, a database that is not there: it can be put right without a restart.
        return if class == Class::Other && matches!(error, DbErr::Conn(_)) { Class::Away } else { class };
    }
    if matches!(error, DbErr::RecordNotInserted) {
        return Class::Race;
    }
    let no_connection = matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
    if no_connection || sqlx_error(error).is_some_and(is_lost) { Class::Away } else { Class::Other }
}

fn is_lost(error: &SqlxError) -> bool {
    use SqlxError::{Io, PoolClosed, PoolTimedOut, Tls, WorkerCrashed};
    matches!(error, Io(_) | Tls(_) | PoolTimedOut | PoolClosed | WorkerCrashed)
}

fn of_database(error: &dyn DatabaseError) -> Class {
    if error.is_unique_violation() {
        return duplicate(error.message()).map_or(Class::Other, Class::Duplicate);
    }
    match mysql_number(error) {
        Some(number) => of_mysql(number),
        None => of_sqlite(error),
    }
}

/// Deadlock; the row has changed (MariaDB); Group Replication rolled back.
const RACES: [u16; 3] = [1213, 1020, 3101];

/// Errors of a server that is not there, or not for us.
const AWAY: [u16; 17] = [
    1040, 1203, 1129, // too many connections, of all or of one user; the host is blocked
    1053, 1927, 1047, // shutting down; killed; not ready
    1290, 1792, 1836, // read-only
    1969, 3024, // the statement took too long, on MariaDB and on MySQL
    2003, 2006, 2013, 4031, // not reached, gone, lost, idle for too long
    3032, 3100, // the group has no majority, or its hook failed
];

fn of_mysql(number: u16) -> Class {
    match number {
        1205 => Class::LockTimeout,
        number if RACES.contains(&number) => Class::Race,
        number if AWAY.contains(&number) => Class::Away,
        _ => Class::Other,
    }
}

fn of_sqlite(error: &dyn DatabaseError) -> Class {
    // The low byte is the kind of error: SQLITE_BUSY, of which 517 is one, or SQLITE_LOCKED.
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    if code.is_some_and(|code| matches!(code & 0xff, 5 | 6)) { Class::Race } else { Class::Other }
}

/// The key that a message names at its end: `… for key 'customers.customers_email_unique'`, without the table on
/// MariaDB, or `UNIQUE constraint failed: customers.email_key` on SQLite. What stands before may be anybody's text.
fn duplicate(message: &str) -> Option<UniqueKey> {
    let last = message.trim_end_matches('\'').rsplit(['\'', ' ']).next()?;
    let constraint = last.rsplit('.').next()?;
    KEYS.iter().find(|(name, columns, _)| *name == constraint || *columns == last).map(|(.., key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_at_the_end_of_the_message_whatever_the_value_says() {
        let mysql =
            "Duplicate entry 'for key 'products.products_sku_unique'' for key 'customers.customers_email_unique'";
        assert_eq!(duplicate(mysql), Some(UniqueKey::CustomerEmail));
        assert_eq!(
            duplicate("Duplicate entry 'x' for key 'accounts_customer_unique'"),
            Some(UniqueKey::AccountCustomer)
        );
        assert_eq!(duplicate("UNIQUE constraint failed: products.sku"), Some(UniqueKey::ProductSku));
        assert_eq!(duplicate("UNIQUE constraint failed: outbox.id"), None);
        assert_eq!(duplicate("Duplicate entry 'x' for key 'outbox.PRIMARY'"), None);
    }

    #[test]
    fn only_a_commit_whose_answer_was_lost_is_unknown() {
        let lost = || DbErr::Query(RuntimeErr::SqlxError(SqlxError::Io(std::io::Error::other("reset")).into()));
        assert!(matches!(in_tx(lost()), StoreError::Unavailable(_)));
        assert!(matches!(on_read(lost()), StoreError::Unavailable(_)));
        assert!(matches!(on_commit(lost()), StoreError::CommitUnknown(_)));
        assert!(matches!(on_commit(DbErr::Custom(String::new())), StoreError::Internal(_)));
    }
}
