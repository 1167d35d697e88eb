use rusqlite::ffi;

use super::super::statement::Assumption;
use super::super::{Executor as _, Statement, tests};
use super::*;

/// The error that a server raises with this number.
async fn raised(pool: &super::super::Pool, number: u16) -> Error {
    let sql = format!("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'forced'");
    let mut connection = pool.get().await.unwrap();
    connection.run(vec![sql.as_str().into()]).await.map(drop).unwrap_err().error
}

#[tokio::test]
async fn each_error_number_of_a_server_has_its_meaning_r61() {
    for pool in tests::servers() {
        for (numbers, kind) in [
            (&[1020, 1213, 3101][..], ErrorKind::Conflict),
            (&[1205], ErrorKind::LockTimeout),
            (&[20, 28, 1021, 1114, 3675], ErrorKind::Full),
            (&[1146], ErrorKind::UnknownTable),
            (&[1040, 1047, 1053, 1129, 1203, 1290, 1792, 1836, 1927, 1969], ErrorKind::Unavailable),
            (&[2003, 2006, 2013, 3024, 3032, 3100, 3797, 3799, 4031, 4094], ErrorKind::Unavailable),
            (&[3, 13, 188, 1026, 1030, 1038, 1180, 1317, 1598, 1878, 3169], ErrorKind::Unavailable),
            (&[1064, 1264], ErrorKind::Other),
        ] {
            for number in numbers {
                let error = raised(&pool, *number).await;
                assert_eq!((error.kind, error.code), (kind.clone(), Some(i32::from(*number))));
            }
        }
        let outside = pool.run("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1213").await.map(drop).unwrap_err();
        assert_eq!(outside.kind, ErrorKind::Unavailable, "no transaction to run again");
        pool.close().await;
    }
}

#[test]
fn each_result_code_of_sqlite_has_its_meaning_r61() {
    for (codes, kind) in [
        (&[ffi::SQLITE_BUSY, ffi::SQLITE_BUSY_SNAPSHOT, ffi::SQLITE_LOCKED, 262][..], ErrorKind::Conflict),
        (&[ffi::SQLITE_FULL, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_SHMSIZE], ErrorKind::Full),
        (&[ffi::SQLITE_IOERR, ffi::SQLITE_READONLY, ffi::SQLITE_CORRUPT], ErrorKind::Other),
        (&[ffi::SQLITE_CONSTRAINT_FOREIGNKEY, ffi::SQLITE_CONSTRAINT_CHECK], ErrorKind::Other),
    ] {
        for code in codes {
            let error = Error::from(rusqlite::Error::SqliteFailure(ffi::Error::new(*code), None));
            assert_eq!((error.kind, error.code), (kind.clone(), Some(*code)));
        }
    }
}

const NEW_KEY: Assumption = Assumption::Unique { table: "assumed", key: "PRIMARY", columns: "assumed.a, assumed.b" };
const NOT_NULL: Assumption = Assumption::NotNull { table: "assumed", column: "c" };

#[tokio::test]
async fn only_a_violation_of_the_assumed_constraint_is_a_failed_assumption_r61() {
    let (sqlite, _folder) = tests::sqlite();
    for pool in tests::servers().into_iter().chain([sqlite]) {
        let mut connection = pool.get().await.unwrap();
        let table = "assumed (a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, d INT NOT NULL, PRIMARY KEY (a, b))";
        let set_up = [format!("CREATE TEMPORARY TABLE {table}"), "CREATE UNIQUE INDEX d_unique ON assumed (d)".into()];
        for sql in set_up.iter().map(String::as_str).chain(["INSERT INTO assumed VALUES (1, 2, 3, 4)"]) {
            connection.run(vec![sql.into()]).await.unwrap();
        }
        for (values, assumption, holds) in [
            ("1, 2, 5, 5", NEW_KEY, false),
            ("1, 2, 5, 5", NOT_NULL, true),
            ("1, 3, NULL, 5", NOT_NULL, false),
            ("1, 3, NULL, 5", NEW_KEY, true),
            ("1, 3, 5, NULL", NOT_NULL, true),
            ("1, 3, 5, 4", NEW_KEY, true),
        ] {
            let insert = Statement::from(format!("INSERT INTO assumed SELECT {values}").as_str()).assuming(assumption);
            let error = connection.run(vec![insert]).await.map(drop).unwrap_err().error;
            assert_eq!(error.kind != ErrorKind::FailedAssumption, holds, "{values} {assumption:?}: {error}");
        }
        drop(connection);
        pool.close().await;
    }
}

#[test]
fn only_a_commit_can_have_an_unknown_outcome_r61() {
    let lost = || Error::from(sqlx::Error::Io(std::io::Error::other("reset")));
    assert_eq!(lost().kind, ErrorKind::Unavailable);
    assert_eq!(lost().outside_transaction().kind, ErrorKind::Unavailable);
    assert_eq!(lost().on_commit().kind, ErrorKind::CommitUnknown);
    assert_eq!(Error::new(ErrorKind::Other, "a mistake").on_commit().kind, ErrorKind::Other);
}
