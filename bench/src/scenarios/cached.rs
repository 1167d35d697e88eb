//! Reads answered from the cache.

use anyhow::{Context, Result, ensure};

use crate::database::Database;
use crate::measure::load;
use crate::plan::{Bench, Goal};
use crate::server::bare;
use crate::shop::Shop;
use crate::wrk::{Pressure, Requests};

const FLOOR: &str = "H";
const GOAL: Goal = Goal::Speed(0.5);

pub async fn run(bench: &mut Bench, database: &Database) -> Result<()> {
    if !bench.plan.wants(&["product", "list", "revalidation"]) {
        return Ok(());
    }
    let shop = Shop::seed(&bench.program, database, 1000, 10).await?;
    let product = format!("/api/v1/products/{}", shop.products.first().context("no product")?.0);
    for (scenario, path, revalidated, connections) in [
        ("product", product.as_str(), false, [1, 16, 64].as_slice()),
        ("list", "/api/v1/products?limit=20", false, &[16, 64]),
        ("revalidation", "/api/v1/products?limit=20", true, &[64]),
    ] {
        if bench.plan.wants(&[scenario]) {
            compare(bench, (database, &shop), (scenario, path, revalidated), connections).await?;
        }
    }
    Ok(())
}

async fn compare(
    bench: &mut Bench,
    (database, shop): (&Database, &Shop),
    (scenario, path, revalidated): (&str, &str, bool),
    connections: &[u32],
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = bench.program.serve(database, &[]).await?;
    let token = &shop.buyers.first().context("no buyer")?.token;
    let first = server.get(path, token, None).await?;
    let etag = revalidated.then(|| first.header("etag").unwrap_or_default().to_owned());
    let answer = server.get(path, token, etag.as_deref()).await?;
    ensure!(answer.status == if revalidated { 304 } else { 200 }, "{scenario} is answered with {}", answer.status);
    let floor = bare(&answer, folder.path(), bench.workers).await?;
    let condition = etag.map(|etag| format!("If-None-Match: {etag}\r\n")).unwrap_or_default();
    let requests = Requests::get(path, token, &condition);
    for &connections in connections {
        let pressure = Pressure { connections, seconds: bench.plan.seconds, once: false };
        let ours = async |_| load(&server, database, &requests, pressure);
        let floor = async |_| load(&floor, database, &requests, pressure);
        bench.compare((scenario, database, connections), (FLOOR, GOAL), ours, floor).await?;
    }
    Ok(())
}
