//! Databases on a server, which tests borrow one after another. A server takes seconds to make eighty tables and to drop
//! them, and milliseconds to empty the few that a test has filled.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::template::{Table, Template, ask, connect, create_empty, execute, tables, template, texts};

/// Where connections stay open while a test has its database: its own runtime may end before.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A database with what migrations make and nothing else, until it is dropped.
pub struct Borrowed {
    /// Its URL.
    pub url: String,
    /// Given back when this is dropped.
    _until: oneshot::Sender<()>,
}

/// Borrows a database on this server. `migrate` runs all migrations on the database of a URL.
pub async fn borrow(server: &str, migrate: impl AsyncFnOnce(&str)) -> Borrowed {
    let template = template(server, migrate).await;
    let (ready, url) = oneshot::channel();
    let (until, released) = oneshot::channel();
    let holding = RUNTIME.spawn(hold(server.to_owned(), template, ready, released));
    let Ok(url) = url.await else {
        // It panicked, in a thread whose output belongs to another test.
        panic!("no database on {server}: {}", holding.await.unwrap_err())
    };
    Borrowed { url, _until: until }
}

/// Takes the first database that nobody has. It is taken as long as a connection has the lock of its name, so that
/// processes do not take each other's, and one that is killed gives back what it had.
async fn hold(server: String, template: Arc<Template>, ready: oneshot::Sender<String>, until: oneshot::Receiver<()>) {
    let holder = connect(&server).await.unwrap();
    let mut number = 0;
    while !holds(&holder, number).await {
        number += 1;
    }
    let name = name(number);
    prepare(&holder, &server, &name, &template).await;
    ready.send(format!("{server}/{name}")).ok();
    until.await.ok();
    holder.close().await.ok();
}

fn name(number: usize) -> String {
    format!("storekeeper_tests_{number}")
}

async fn holds(holder: &DatabaseConnection, number: usize) -> bool {
    let locked = ask(holder, &format!("SELECT GET_LOCK('{}', 0)", name(number))).await.unwrap();
    locked[0].try_get_by_index::<i64>(0).unwrap() == 1
}

/// Takes away what the last test has left.
async fn prepare(holder: &DatabaseConnection, server: &str, name: &str, template: &Template) {
    disconnect(holder, name).await;
    let url = format!("{server}/{name}");
    let dirty = match connect(&url).await {
        Ok(connection) => {
            let is_alike = tables(&connection).await.is_ok_and(|tables| tables == template.tables);
            let dirty = if is_alike { Some(filled(&connection, &template.tables).await) } else { None };
            connection.close().await.unwrap();
            dirty
        }
        Err(_) => None,
    };
    let tables = if let Some(dirty) = dirty {
        dirty.into_iter().map(emptied).collect::<String>()
    } else {
        execute(server, &format!("DROP DATABASE IF EXISTS {name}")).await;
        create_empty(server, name).await;
        template.tables.iter().map(|table| table.made_by.clone() + ";\n").collect()
    };
    execute(&url, &format!("SET foreign_key_checks = 0;\n{tables}{}", template.rows)).await;
}

/// Ends the connections of the last test. Those of a server that was killed may not have ended yet.
async fn disconnect(holder: &DatabaseConnection, name: &str) {
    let connections = format!("SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = '{name}'");
    for _ in 0..1500 {
        // MySQL fails to list connections while one of them runs a statement with bytes that are no text.
        if let Ok(found) = ask(holder, &connections).await {
            let ids = texts(&found, 0).unwrap();
            if ids.is_empty() {
                return;
            }
            for id in ids {
                // It may have ended meanwhile.
                holder.execute_unprepared(&format!("KILL {id}")).await.ok();
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("connections to {name} do not end");
}

/// The tables with rows.
async fn filled<'a>(connection: &DatabaseConnection, tables: &'a [Table]) -> Vec<&'a Table> {
    let query = |(at, table): (usize, &Table)| {
        format!("SELECT CAST({at} AS CHAR) FROM DUAL WHERE EXISTS (SELECT 1 FROM {})", table.name)
    };
    let queries: Vec<_> = tables.iter().enumerate().map(query).collect();
    let filled = texts(&ask(connection, &queries.join(" UNION ALL ")).await.unwrap(), 0).unwrap();
    filled.iter().map(|at| &tables[at.parse::<usize>().unwrap()]).collect()
}

/// The statement that empties a table. A full-text index remembers deleted rows, and forgets those of a table that is
/// truncated.
fn emptied(table: &Table) -> String {
    let words = if table.made_by.contains("FULLTEXT") { "TRUNCATE TABLE" } else { "DELETE FROM" };
    format!("{words} {};\n", table.name)
}
