//! What the migrations make, as SQL: on a server, running it is several times as fast as running all migrations.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, QueryResult, Statement};
use tokio::sync::OnceCell;

/// The SQL of each server, made once for each process.
static TEMPLATES: LazyLock<Mutex<HashMap<String, Arc<OnceCell<String>>>>> = LazyLock::new(Mutex::default);

/// The tables, and rows, of a database.
const TABLES: &str =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name";
const COLUMNS: &str = "SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = ? AND COALESCE(generation_expression, '') = '' ORDER BY ordinal_position";

/// Makes a database on this server with all that migrations make. `migrate` runs them on the database of a URL.
pub async fn create_migrated(server: &str, name: &str, migrate: impl AsyncFnOnce(&str)) {
    let template = TEMPLATES.lock().unwrap().entry(server.to_owned()).or_default().clone();
    let sql = template.get_or_init(|| boxed(make(server, migrate))).await;
    create_empty(server, name).await;
    execute(&format!("{server}/{name}"), sql).await;
}

/// Keeps the types of the tests' futures small.
fn boxed<'a, T>(future: impl Future<Output = T> + 'a) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(future)
}

/// The SQL of what migrations make.
async fn make(server: &str, migrate: impl AsyncFnOnce(&str)) -> String {
    let name = format!("storekeeper_{}", uuid::Uuid::now_v7().simple());
    create_empty(server, &name).await;
    let url = format!("{server}/{name}");
    migrate(&url).await;
    let sql = dump(&url).await.unwrap();
    execute(server, &format!("DROP DATABASE {name}")).await;
    sql
}

/// Makes an empty database on this server.
pub async fn create_empty(server: &str, name: &str) {
    execute(server, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await;
}

/// Runs statements on one connection.
pub async fn execute(url: &str, sql: &str) {
    let connection = connect(url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    // The task by which a pool of sqlx 0.9.0 closes idle connections can spin for ever.
    options.max_connections(1).sqlx_logging(false).idle_timeout(None).max_lifetime(None);
    sea_orm::Database::connect(options).await
}

/// Statements that make what the database has.
async fn dump(url: &str) -> Result<String, DbErr> {
    let connection = connect(url).await?;
    let backend = connection.get_database_backend();
    let texts = |rows: &[QueryResult], at: usize| {
        rows.iter().map(|row| row.try_get_by_index::<String>(at)).collect::<Result<Vec<_>, _>>()
    };
    let ask = async |query: &str| connection.query_all_raw(Statement::from_string(backend, query)).await;
    let mut sql = String::from("SET foreign_key_checks = 0;\n");
    for table in texts(&ask(TABLES).await?, 0)? {
        for made in texts(&ask(&format!("SHOW CREATE TABLE {table}")).await?, 1)? {
            writeln!(sql, "{made};").unwrap();
        }
        let columns = Statement::from_sql_and_values(backend, COLUMNS, [table.clone().into()]);
        let columns = connection.query_all_raw(columns).await?;
        let (names, types) = (texts(&columns, 0)?, texts(&columns, 1)?);
        let literal = |(name, of): (&String, &String)| {
            if of.ends_with("binary") || of.ends_with("blob") {
                format!("IF({name} IS NULL, 'NULL', CONCAT('X''', HEX({name}), ''''))")
            } else {
                format!("QUOTE({name})")
            }
        };
        let literals: Vec<_> = names.iter().zip(&types).map(literal).collect();
        let rows = ask(&format!("SELECT CONCAT_WS(', ', {}) FROM {table}", literals.join(", "))).await?;
        for row in texts(&rows, 0)? {
            writeln!(sql, "INSERT INTO {table} ({}) VALUES ({row});", names.join(", ")).unwrap();
        }
    }
    connection.close().await?;
    Ok(sql)
}
