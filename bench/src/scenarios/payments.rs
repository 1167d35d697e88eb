//! Orders that have to be paid, and their payments with the test provider.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use uuid::Uuid;

use super::orders::{Scene, buyers};
use crate::database::Database;
use crate::measure::load;
use crate::plan::{Bench, Goal};
use crate::shop::Shop;
use crate::wrk::{Pressure, Request, Requests};

const SETTINGS: [(&str, &str); 3] = [
    ("STOREKEEPER__PAYMENTS__REQUIRED", "true"),
    ("STOREKEEPER__PAYMENTS__TEST__ENABLED", "true"),
    ("STOREKEEPER__PAYMENTS__MAX_UNPAID", "0"),
];
const CONNECTIONS: u32 = 16;

pub async fn run(bench: &mut Bench, database: &Database) -> Result<()> {
    if !bench.plan.wants(&["prepaid-order", "payment"]) {
        return Ok(());
    }
    let seconds = bench.plan.seconds;
    let shop = Shop::seed(&bench.program, database, 1000, buyers(seconds)).await?;
    let plain = bench.program.serve(database, &[]).await?;
    let paid = bench.program.serve(database, &SETTINGS).await?;
    let (ours, other) = (Scene::new(&paid, database, &shop, seconds)?, Scene::new(&plain, database, &shop, seconds)?);
    for connections in [1, 16, 64] {
        ours.begin();
        other.begin();
        let (one, two) = (async |_| ours.order(connections).await, async |_| other.order(connections).await);
        let goal = ("order without payments", Goal::Speed(0.95));
        bench.compare(("prepaid-order", database, connections), goal, one, two).await?;
    }
    drop(plain);
    let pressure = Pressure { connections: CONNECTIONS, seconds, once: true };
    let rounds = usize::try_from(bench.plan.rounds)?;
    let unpaid = shop.unpaid_orders().await?;
    let share = unpaid.len() / rounds;
    ensure!(share > 0, "no order is unpaid");
    let payments: Vec<_> = unpaid.chunks(share).map(payments_of).collect();
    bench
        .alone(("payment", database, CONNECTIONS), async |round| {
            load(
                &paid,
                database,
                payments.get(usize::try_from(round)?).context("too few payments for so many rounds")?,
                pressure,
            )
        })
        .await?;
    drop(paid);
    bench.program.run(database, &["doctor"])
}

/// A payment of each order, by its buyer.
fn payments_of(orders: &[(Uuid, &str)]) -> Requests {
    let body = json!({"provider": "test"}).to_string();
    let mut requests = Requests::default();
    for (order, token) in orders {
        let path = format!("/api/v1/orders/{order}/payments");
        requests.push(&Request { method: "POST", path: &path, token, headers: "", body: &body });
    }
    requests
}
