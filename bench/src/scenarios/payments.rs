//! Orders that have to be paid, and their payments with the test provider.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use uuid::Uuid;

use super::orders::{Scene, buyers};
use crate::database::Database;
use crate::measure::load;
use crate::plan::{Bench, Goal};
use crate::server::Server;
use crate::shop::Shop;
use crate::wrk::{Pressure, Request, Requests};

/// Of a shop whose orders have to be paid, however many a buyer has.
pub const SETTINGS: [(&str, &str); 3] = [
    ("STOREKEEPER__PAYMENTS__REQUIRED", "true"),
    ("STOREKEEPER__PAYMENTS__TEST__ENABLED", "true"),
    ("STOREKEEPER__PAYMENTS__MAX_UNPAID", "0"),
];
const CONNECTIONS: u32 = 16;

pub async fn run(bench: &mut Bench, database: &Database) -> Result<()> {
    if !bench.plan.wants(&["prepaid-order", "payment", "settled-notice"]) {
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
    let share = unpaid.len() / (2 * rounds);
    ensure!(share > 0, "no order is unpaid");
    let (now, later) = unpaid.split_at(share * rounds);
    let payments: Vec<_> = now.chunks(share).map(|orders| payments_of(orders, "ok")).collect();
    alone(bench, (&paid, database, pressure), "payment", &payments).await?;
    // Each waits for its customer, who pays on the page of the provider, which tells the shop: a notice.
    let begin = Pressure { seconds: 2 * seconds * bench.plan.rounds, ..pressure };
    load(&paid, database, &payments_of(later, "requires_action"), begin)?;
    let waiting = shop.waiting_payments().await?;
    ensure!(waiting.len() >= rounds, "no payment waits for its customer");
    let acts: Vec<_> = waiting.chunks(waiting.len() / rounds).map(acts_of).collect();
    // For a quarter of that, since a notice may be settled faster than its payment is begun.
    let settle = Pressure { seconds: seconds.div_ceil(2), ..pressure };
    alone(bench, (&paid, database, settle), "settled-notice", &acts).await?;
    drop(paid);
    bench.program.run(database, &["doctor"])
}

/// Measures rounds of requests, each sent once.
async fn alone(
    bench: &mut Bench,
    (server, database, pressure): (&Server, &Database, Pressure),
    scenario: &str,
    rounds: &[Requests],
) -> Result<()> {
    let round = async |round| {
        let requests = rounds.get(usize::try_from(round)?).context("too few payments for so many rounds")?;
        load(server, database, requests, pressure)
    };
    bench.alone((scenario, database, CONNECTIONS), round).await
}

/// What the customers of payments do who pay them on the page of the test provider.
fn acts_of(payments: &[(String, &str)]) -> Requests {
    let body = json!({"outcome": "pay"}).to_string();
    let mut requests = Requests::default();
    for (reference, token) in payments {
        let path = format!("/api/v1/test-provider/{reference}/act");
        requests.push(&Request { method: "POST", path: &path, token, headers: "", body: &body });
    }
    requests
}

/// A payment of each order, by its buyer and with this method.
fn payments_of(orders: &[(Uuid, &str)], method: &str) -> Requests {
    let body = json!({"provider": "test", "method": method}).to_string();
    let mut requests = Requests::default();
    for (order, token) in orders {
        let path = format!("/api/v1/orders/{order}/payments");
        requests.push(&Request { method: "POST", path: &path, token, headers: "", body: &body });
    }
    requests
}
