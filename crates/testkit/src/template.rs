//! What the migrations make, kept so that a database of tests gets it without running them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, QueryResult, Statement};
use tokio::sync::OnceCell;

/// A template, once it is made.
type Made = Arc<OnceCell<Arc<Template>>>;

/// The template of each server, made once for each process.
static TEMPLATES: LazyLock<Mutex<HashMap<String, Made>>> = LazyLock::new(Mutex::default);

/// The file that SQLite keeps after all migrations.
static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();

const TABLES: &str =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name";
const COLUMNS: &str = "SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = ? AND COALESCE(generation_expression, '') = '' ORDER BY ordinal_position";

/// The tables, and the rows in them, after all migrations.
#[derive(Debug)]
pub(crate) struct Template {
    pub tables: Vec<Table>,
    /// Statements that insert the rows.
    pub rows: String,
}

/// A table.
#[derive(Debug, PartialEq)]
pub(crate) struct Table {
    pub name: String,
    /// The statement that makes it.
    pub made_by: String,
}

/// The template of this server. `migrate` runs all migrations on the database of a URL.
pub(crate) async fn template(server: &str, migrate: impl AsyncFnOnce(&str)) -> Arc<Template> {
    let template = TEMPLATES.lock().unwrap().entry(server.to_owned()).or_default().clone();
    template.get_or_init(|| boxed(async { Arc::new(make(server, migrate).await) })).await.clone()
}

/// The file of a SQLite database after all migrations. `migrate` runs them on the database of a URL.
pub async fn sqlite_file(migrate: impl AsyncFnOnce(&str)) -> &'static [u8] {
    FILE.get_or_init(|| {
        boxed(async {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("shop.db");
            migrate(&format!("sqlite://{}?mode=rwc", file.display())).await;
            std::fs::read(file).unwrap()
        })
    })
    .await
}

/// Keeps the types of the tests' futures small.
fn boxed<'a, T>(future: impl Future<Output = T> + 'a) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(future)
}

async fn make(server: &str, migrate: impl AsyncFnOnce(&str)) -> Template {
    let name = format!("storekeeper_{}", uuid::Uuid::now_v7().simple());
    create_empty(server, &name).await;
    let url = format!("{server}/{name}");
    migrate(&url).await;
    let connection = connect(&url).await.unwrap();
    let tables = tables(&connection).await.unwrap();
    let rows = rows(&connection, &tables).await.unwrap();
    connection.close().await.unwrap();
    execute(server, &format!("DROP DATABASE {name}")).await;
    Template { tables, rows }
}

/// Makes an empty database on this server.
pub(crate) async fn create_empty(server: &str, name: &str) {
    execute(server, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await;
}

/// Runs statements on a connection of their own.
pub(crate) async fn execute(url: &str, sql: &str) {
    let connection = connect(url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// One connection.
pub(crate) async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    // The task by which a pool of sqlx 0.9.0 closes idle connections can spin for ever.
    options.max_connections(1).sqlx_logging(false).idle_timeout(None).max_lifetime(None);
    sea_orm::Database::connect(options).await
}

/// The rows of a query.
pub(crate) async fn ask(connection: &DatabaseConnection, query: &str) -> Result<Vec<QueryResult>, DbErr> {
    connection.query_all_raw(Statement::from_string(connection.get_database_backend(), query)).await
}

/// A column of rows, as texts.
pub(crate) fn texts(rows: &[QueryResult], at: usize) -> Result<Vec<String>, DbErr> {
    rows.iter().map(|row| row.try_get_by_index(at)).collect()
}

/// The tables of a database.
pub(crate) async fn tables(connection: &DatabaseConnection) -> Result<Vec<Table>, DbErr> {
    let mut tables = Vec::new();
    for name in texts(&ask(connection, TABLES).await?, 0)? {
        let made_by = texts(&ask(connection, &format!("SHOW CREATE TABLE {name}")).await?, 1)?.concat();
        // MySQL names it if a column was made so, and not if the table was.
        tables.push(Table { name, made_by: made_by.replace(" CHARACTER SET utf8mb4", "") });
    }
    Ok(tables)
}

/// Statements that insert the rows that tables have.
async fn rows(connection: &DatabaseConnection, tables: &[Table]) -> Result<String, DbErr> {
    let mut sql = String::new();
    for Table { name: table, .. } in tables {
        let columns =
            Statement::from_sql_and_values(connection.get_database_backend(), COLUMNS, [table.clone().into()]);
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
        let query = format!("SELECT CONCAT_WS(', ', {}) FROM {table}", literals.join(", "));
        for row in texts(&ask(connection, &query).await?, 0)? {
            writeln!(sql, "INSERT INTO {table} ({}) VALUES ({row});", names.join(", ")).unwrap();
        }
    }
    Ok(sql)
}
