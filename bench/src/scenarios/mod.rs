//! The scenarios, grouped by their databases.

mod baseline;
mod cached;
mod footprint;
mod logins;
mod orders;
pub mod payments;
mod uncached;

use anyhow::Result;

use crate::database::Database;
use crate::plan::Bench;
use crate::server::Program;

/// Measures the scenarios of the plan.
pub async fn run(bench: &mut Bench) -> Result<()> {
    let embedded = Database::embedded()?;
    cached::run(bench, &embedded).await?;
    logins::run(bench, &embedded).await?;
    footprint::run(bench, &embedded).await?;
    embedded.remove().await?;
    let servers = [("MySQL", bench.plan.mysql.clone()), ("MariaDB", bench.plan.mariadb.clone())];
    if !bench.plan.no_sqlite {
        on(bench, async || Database::embedded()).await?;
    }
    for (name, server) in servers {
        if let Some(server) = server {
            on(bench, async || Database::on(name, &server).await).await?;
        }
    }
    Ok(())
}

/// Measures the scenarios of the plan against another binary of Storekeeper.
pub async fn against(bench: &mut Bench, program: &Program) -> Result<()> {
    let servers = [("MySQL", bench.plan.mysql.clone()), ("MariaDB", bench.plan.mariadb.clone())];
    if !bench.plan.no_sqlite {
        baseline::run(bench, program, async || Database::embedded()).await?;
    }
    for (name, server) in servers {
        if let Some(server) = server {
            baseline::run(bench, program, async || Database::on(name, &server).await).await?;
        }
    }
    Ok(())
}

/// Measures the scenarios that depend on the kind of database.
async fn on(bench: &mut Bench, make: impl AsyncFn() -> Result<Database>) -> Result<()> {
    let database = make().await?;
    bench.versions.push((database.name.to_owned(), database.version().await?));
    orders::run(bench, &database).await?;
    database.remove().await?;
    let database = make().await?;
    payments::run(bench, &database).await?;
    database.remove().await?;
    let sizes: &[u32] = if bench.plan.million { &[100_000, 1_000_000] } else { &[100_000] };
    for &products in sizes {
        let database = make().await?;
        uncached::run(bench, &database, products).await?;
        database.remove().await?;
    }
    Ok(())
}
