//! Reads without the cache.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::database::Database;
use crate::floor;
use crate::measure::{by_hand, load};
use crate::plan::{Bench, Goal};
use crate::server::Server;
use crate::shop::Shop;
use crate::wrk::{Pressure, Request, Requests};

const CONNECTIONS: u32 = 16;
const NAMES: [&str; 3] = ["list-uncached", "page-4000", "search"];

pub async fn run(bench: &mut Bench, database: &Database, products: u32) -> Result<()> {
    if !bench.plan.wants(&NAMES) {
        return Ok(());
    }
    let shop = Shop::seed(&bench.program, database, products, 10).await?;
    let server = bench.program.serve(database, &[("STOREKEEPER__CACHE__PRODUCTS", "false")]).await?;
    let token = &shop.buyers.first().context("no buyer")?.token;
    let pressure = Pressure { connections: CONNECTIONS, seconds: bench.plan.seconds, once: false };
    let get = |path: &str| Requests::get(path, token, "");
    let first = get("/api/v1/products?limit=20");
    if bench.plan.wants(&["list-uncached"]) {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), &database.url)?;
        // The default of the server.
        let connections = if database.is_embedded() { "8" } else { "16" };
        let seconds = bench.plan.seconds.to_string();
        let arguments = ["list", "--connections", connections, "--tasks", "16", "--seconds", &seconds];
        let ours = async |_| load(&server, database, &first, pressure);
        let floor = async |_| by_hand(database, || floor::run(&arguments, file.path()));
        let goal = Goal::Speed(0.7);
        bench
            .compare(
                (&named("list-uncached", products), database, CONNECTIONS),
                ("the query by hand", goal),
                ours,
                floor,
            )
            .await?;
    }
    if bench.plan.wants(&["page-4000"]) && products >= 80_000 {
        let deep = get(&page_4000(&server, token).await?);
        let ours = async |_| load(&server, database, &deep, pressure);
        let floor = async |_| load(&server, database, &first, pressure);
        let goal = Goal::Time(1.3);
        bench.compare((&named("page-4000", products), database, CONNECTIONS), ("page 1", goal), ours, floor).await?;
    }
    if bench.plan.wants(&["search"]) {
        let (searches, products_by_id) = searches(&server, &shop, token).await?;
        let ours = async |_| load(&server, database, &searches, pressure);
        let floor = async |_| load(&server, database, &products_by_id, pressure);
        let goal = Goal::P99(20.0);
        bench
            .compare((&named("search", products), database, CONNECTIONS), ("product by id", goal), ours, floor)
            .await?;
    }
    Ok(())
}

/// Searches for the first two words of some products, and requests for the same products by id.
pub(super) async fn searches(server: &Server, shop: &Shop, token: &str) -> Result<(Requests, Requests)> {
    let (mut searches, mut products_by_id) = (Requests::default(), Requests::default());
    for (id, _) in shop.products.iter().take(20) {
        let path = format!("/api/v1/products/{id}");
        let product: Value = serde_json::from_str(&server.get(&path, token, None).await?.body)?;
        let words: Vec<_> =
            product.get("name").and_then(Value::as_str).unwrap_or_default().split(' ').take(2).collect();
        for (list, path) in
            [(&mut searches, format!("/api/v1/products?q={}", words.join("%20"))), (&mut products_by_id, path)]
        {
            list.push(&Request { method: "GET", path: &path, token, headers: "", body: "" });
        }
    }
    Ok((searches, products_by_id))
}

fn named(scenario: &str, products: u32) -> String {
    let products = match products / 1000 {
        thousands @ ..1000 => format!("{thousands},000"),
        thousands => format!("{},{:03},000", thousands / 1000, thousands % 1000),
    };
    format!("{scenario}, {products} products")
}

/// The path of the 4,000th page of 20.
pub(super) async fn page_4000(server: &Server, token: &str) -> Result<String> {
    let mut cursor = String::new();
    for _ in 0..3999 / 5 {
        cursor = next(server, token, &cursor, 100).await?;
    }
    for _ in 0..3999 % 5 {
        cursor = next(server, token, &cursor, 20).await?;
    }
    Ok(format!("/api/v1/products?limit=20&cursor={cursor}"))
}

async fn next(server: &Server, token: &str, cursor: &str, limit: u32) -> Result<String> {
    let after = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
    let page = server.get(&format!("/api/v1/products?limit={limit}{after}"), token, None).await?;
    let page: Value = serde_json::from_str(&page.body)?;
    Ok(page.get("next_cursor").and_then(Value::as_str).context("the list has ended")?.to_owned())
}
