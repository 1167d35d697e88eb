//! Runs commands of the program.

use std::ffi::OsString;
use std::process::{Output, Stdio};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::{JWT_SECRET, TestDatabase};

/// The path of the binary that Cargo has built for the tests.
pub fn binary() -> OsString {
    std::env::var_os("CARGO_BIN_EXE_storekeeper").unwrap_or_else(|| {
        // Without Cargo: the test is `target/debug/deps/suites-…`, the binary `target/debug/storekeeper`.
        let test = std::env::current_exe().unwrap();
        test.parent().unwrap().with_file_name("storekeeper").into()
    })
}

/// The result of a command.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub said: String,
    /// What it said on standard error, but for the next.
    pub error: String,
    /// The line that says which database it works on.
    pub database: String,
}

/// Runs `storekeeper` with these arguments in the folder of the database.
pub async fn storekeeper(database: &TestDatabase, arguments: &[&str]) -> Outcome {
    storekeeper_reading(database, arguments, b"").await
}

/// [`storekeeper`] with this standard input. Before a command that fills a shop, one is made.
pub async fn storekeeper_reading(database: &TestDatabase, arguments: &[&str], input: &[u8]) -> Outcome {
    if matches!(arguments.first(), Some(&("seed" | "import"))) && !arguments.contains(&"--dry-run") {
        let made = command(database, &["migrate", "up"]).output().await.unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    let mut child = command(database, arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // The program may exit before it has read everything.
    tokio::spawn(async move { stdin.write_all(&input).await.ok() });
    let output = child.wait_with_output().await.unwrap();
    Outcome::of(output)
}

impl Outcome {
    /// The result of a command that has ended.
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let error = text(output.stderr);
        let (database, error): (Vec<_>, Vec<_>) =
            error.split_inclusive('\n').partition(|line| line.starts_with("database: "));
        Self {
            code: output.status.code().unwrap(),
            said: text(output.stdout),
            error: error.concat(),
            database: database.concat(),
        }
    }
}

/// The command with these arguments, in the folder of the database; killed when dropped.
pub fn command(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .args(arguments)
        .current_dir(database.folder())
        .env("STOREKEEPER__DATABASE__URL", &database.url)
        .env("STOREKEEPER__AUTH__JWT_SECRET", JWT_SECRET)
        .env("STOREKEEPER__AUTH__BCRYPT_COST", "4")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs a command, expects exit code 0, and returns its standard output.
pub async fn well(database: &TestDatabase, arguments: &[&str]) -> String {
    let outcome = storekeeper(database, arguments).await;
    assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
    outcome.said
}

/// A direct connection to the database.
async fn behind(database: &TestDatabase) -> DatabaseConnection {
    sea_orm::Database::connect(&database.url).await.unwrap()
}

/// Executes statements that violate the rules of the program.
pub async fn damage(database: &TestDatabase, statements: &[&str]) {
    let connection = behind(database).await;
    for statement in statements {
        connection.execute_unprepared(statement).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// Executes a statement while a server runs. Returns whether it was executed: another transaction may be in the way.
pub async fn nudge(database: &TestDatabase, statement: &str) -> bool {
    let connection = behind(database).await;
    let done = connection.execute_unprepared(statement).await.is_ok();
    connection.close().await.unwrap();
    done
}

/// All that the database holds, as text: every value of every column, a line each.
pub async fn dump(database: &TestDatabase) -> String {
    let columns = if database.is_remote() {
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
    } else {
        "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
    };
    let connection = behind(database).await;
    let backend = connection.get_database_backend();
    let ask =
        async |query: String| connection.query_all_raw(sea_orm::Statement::from_string(backend, query)).await.unwrap();
    let mut lines = Vec::new();
    for column in ask(columns.to_owned()).await {
        let at = |index: usize| column.try_get_by_index::<String>(index).unwrap();
        let (table, column) = (at(0), at(1));
        for row in ask(format!("SELECT HEX({column}) FROM {table} WHERE {column} IS NOT NULL")).await {
            let digits = row.try_get_by_index::<String>(0).unwrap();
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
            let bytes: Vec<_> = digits.as_bytes().chunks(2).map(byte).collect();
            lines.push(format!("{table}.{column}: {}", String::from_utf8_lossy(&bytes)));
        }
    }
    connection.close().await.unwrap();
    // A server returns rows in the order of whichever index it reads.
    lines.sort_unstable();
    lines.join("\n")
}

/// The number that a query returns.
pub async fn number(database: &TestDatabase, query: &str) -> i64 {
    let connection = behind(database).await;
    let statement = sea_orm::Statement::from_string(connection.get_database_backend(), query);
    let number = connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    connection.close().await.unwrap();
    number
}
