//! Time of a start, memory, and size of the binary.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::database::Database;
use crate::measure::{Spread, load};
use crate::plan::Bench;
use crate::process;
use crate::shop::Shop;
use crate::wrk::{Pressure, Requests};

const STARTS: u32 = 5;

pub async fn run(bench: &mut Bench, database: &Database) -> Result<()> {
    if !bench.plan.wants(&["footprint"]) {
        return Ok(());
    }
    let shop = Shop::seed(&bench.program, database, if bench.plan.soak > 0 { 100_000 } else { 1000 }, 10).await?;
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = bench.program.serve(database, &[]).await?;
        starts.push(server.start.as_secs_f64() * 1e3);
        tokio::time::sleep(Duration::from_secs(2)).await;
        idle.push(process::resident(server.id())?);
    }
    #[allow(clippy::cast_precision_loss, reason = "shown in megabytes")]
    let size = std::fs::metadata(&bench.program.0)?.len() as f64 / 1e6;
    let median = |numbers| Spread::of(numbers).map(|spread| spread.median).context("no start");
    bench.fact("start on an existing database, ms (at most 150)", median(starts)?);
    bench.fact("idle memory, MB (at most 25)", median(idle)?);
    bench.fact("release binary, MB (at most 30)", size);
    if bench.plan.soak > 0 {
        soak(bench, database, &shop).await?;
    }
    Ok(())
}

/// Reads the whole catalogue, so that the cache is full.
async fn soak(bench: &mut Bench, database: &Database, shop: &Shop) -> Result<()> {
    let server = bench.program.serve(database, &[]).await?;
    let token = &shop.buyers.first().context("no buyer")?.token;
    let mut requests = Requests::default();
    for (id, price) in &shop.products {
        for path in [format!("/api/v1/products/{id}"), format!("/api/v1/products?limit=100&min_price={price}")] {
            requests.push(&crate::wrk::Request { method: "GET", path: &path, token, headers: "", body: "" });
        }
    }
    for minute in 1..=bench.plan.soak {
        let sample = load(&server, database, &requests, Pressure { connections: 16, seconds: 60, once: false })?;
        let resident = sample.resident.context("no memory")?;
        bench.fact(&format!("memory after {minute} minutes of load with 100,000 products, MB (at most 150)"), resident);
    }
    Ok(())
}
