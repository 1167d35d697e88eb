//! The program against another binary of Storekeeper, in turns.
//!
//! Each binary seeds a database of its own, because an older one does not run on the schema of a newer one.

use anyhow::{Context, Result};

use super::orders::{Scene, buyers};
use super::uncached::{page_4000, searches};
use crate::database::Database;
use crate::measure::{Sample, load};
use crate::plan::{Bench, Goal};
use crate::prices;
use crate::server::{Program, Server};
use crate::shop::Shop;
use crate::wrk::{Pressure, Request, Requests};

const NAME: &str = "baseline";
const GOAL: Goal = Goal::Speed(0.95);
const PRODUCTS: u32 = 100_000;

/// One binary with its database and servers.
struct Side {
    database: Database,
    shop: Shop,
    server: Server,
    /// The same shop with `cache.products` off, while reads are measured.
    uncached: Option<Server>,
}

/// Requests that a binary answers from memory or reads from the database.
struct Reads {
    scenario: &'static str,
    is_cached: bool,
    requests: Requests,
}

pub async fn run(bench: &mut Bench, baseline: &Program, make: impl AsyncFn() -> Result<Database>) -> Result<()> {
    let mut ours = Side::start(bench, &bench.program, make().await?).await?;
    let mut theirs = Side::start(bench, baseline, make().await?).await?;
    for (ours_read, theirs_read) in ours.reads().await?.iter().zip(&theirs.reads().await?) {
        let scenario = ours_read.scenario;
        if bench.plan.wants(&[scenario]) {
            for connections in if ours_read.is_cached { [1, 64].as_slice() } else { &[16] } {
                let pressure = Pressure { connections: *connections, seconds: bench.plan.seconds, once: false };
                let one = async |_| ours.read(ours_read, pressure);
                let other = async |_| theirs.read(theirs_read, pressure);
                bench.compare((scenario, &ours.database, *connections), (NAME, GOAL), one, other).await?;
            }
        }
    }
    (ours.uncached, theirs.uncached) = (None, None);
    writes(bench, &ours, &theirs).await?;
    bench.program.run(&ours.database, &["doctor"])?;
    baseline.run(&theirs.database, &["doctor"])?;
    ours.database.remove().await?;
    theirs.database.remove().await
}

async fn writes(bench: &mut Bench, ours: &Side, theirs: &Side) -> Result<()> {
    let seconds = bench.plan.seconds;
    let one = Scene::new(&ours.server, &ours.database, &ours.shop, seconds)?;
    let other = Scene::new(&theirs.server, &theirs.database, &theirs.shop, seconds)?;
    let begin = || {
        one.begin();
        other.begin();
    };
    if bench.plan.wants(&["order"]) {
        for connections in [1, 16, 64] {
            begin();
            let (one, other) = (async |_| one.order(connections).await, async |_| other.order(connections).await);
            bench.compare(("order", &ours.database, connections), (NAME, GOAL), one, other).await?;
        }
    }
    if bench.plan.wants(&["hot-product"]) {
        begin();
        let (one, other) = (async |_| one.hot_product().await, async |_| other.hot_product().await);
        bench.compare(("hot-product", &ours.database, 64), (NAME, GOAL), one, other).await?;
    }
    if bench.plan.wants(&["purchase"]) {
        begin();
        let (one, other) = (async |_| one.purchase().await, async |_| other.purchase().await);
        bench.compare(("purchase", &ours.database, 16), (NAME, GOAL), one, other).await?;
    }
    if bench.plan.wants(&["cart"]) {
        begin();
        let (one, other) = (async |_| one.cart().await, async |_| other.cart().await);
        bench.compare(("cart", &ours.database, 16), (NAME, GOAL), one, other).await?;
    }
    priced(bench, ours, &other).await
}

/// Orders with taxes, shipping and a code, against plain orders of the baseline; and a quote against the cart that it is
/// of. Last, because it configures prices.
async fn priced(bench: &mut Bench, ours: &Side, theirs: &Scene<'_>) -> Result<()> {
    if !bench.plan.wants(&["priced-order", "limited-order", "quote"]) {
        return Ok(());
    }
    let server = bench.program.serve(&ours.database, &prices::SETTINGS).await?;
    prices::configure(&server, &ours.shop).await?;
    let scene = Scene::new(&server, &ours.database, &ours.shop, bench.plan.seconds)?;
    for (scenario, code, goal) in [("priced-order", prices::CODE, 0.75), ("limited-order", prices::LIMITED, 0.6)] {
        if bench.plan.wants(&[scenario]) {
            let body = prices::order(code).to_string();
            for connections in [1, 16, 64] {
                scene.begin();
                theirs.begin();
                let one = async |_| scene.order_as(&body, connections).await;
                let other = async |_| theirs.order(connections).await;
                let goal = ("plain order of the baseline", Goal::Speed(goal));
                bench.compare((scenario, &ours.database, connections), goal, one, other).await?;
            }
        }
    }
    if bench.plan.wants(&["quote"]) {
        ours.shop.reset_carts(1, true).await?;
        let token = &ours.shop.buyers.first().context("no buyer")?.token;
        let pressure = Pressure { connections: 16, seconds: bench.plan.seconds, once: false };
        let body = prices::order(prices::CODE).to_string();
        let path = "/api/v1/checkout/quote";
        let mut quote = Requests::default();
        quote.push(&Request { method: "POST", path, token, headers: "", body: &body });
        let cart = Requests::get("/api/v1/cart", token, "");
        let one = async |_| load(&server, &ours.database, &quote, pressure);
        let other = async |_| load(&server, &ours.database, &cart, pressure);
        bench.compare(("quote", &ours.database, 16), ("its cart", Goal::Time(2.0)), one, other).await?;
    }
    Ok(())
}

impl Side {
    async fn start(bench: &Bench, program: &Program, database: Database) -> Result<Self> {
        let shop = Shop::seed(program, &database, PRODUCTS, buyers(bench.plan.seconds)).await?;
        let server = program.serve(&database, &[]).await?;
        let uncached = program.serve(&database, &[("STOREKEEPER__CACHE__PRODUCTS", "false")]).await?;
        Ok(Self { database, shop, server, uncached: Some(uncached) })
    }

    fn read(&self, reads: &Reads, pressure: Pressure) -> Result<Sample> {
        let server = if reads.is_cached { &self.server } else { self.uncached.as_ref().context("reads have ended")? };
        load(server, &self.database, &reads.requests, pressure)
    }

    async fn reads(&self) -> Result<Vec<Reads>> {
        let token = &self.shop.buyers.first().context("no buyer")?.token;
        let (product, _) = self.shop.products.first().context("no product")?;
        let list = "/api/v1/products?limit=20";
        let first = self.server.get(list, token, None).await?;
        let condition = format!("If-None-Match: {}\r\n", first.header("etag").unwrap_or_default());
        let deep = page_4000(&self.server, token).await?;
        let (searches, _) = searches(&self.server, &self.shop, token).await?;
        let reads = |scenario, is_cached, requests| Reads { scenario, is_cached, requests };
        Ok(vec![
            reads("product", true, Requests::get(&format!("/api/v1/products/{product}"), token, "")),
            reads("list", true, Requests::get(list, token, "")),
            reads("revalidation", true, Requests::get(list, token, &condition)),
            reads("list-uncached", false, Requests::get(list, token, "")),
            reads("page-4000", false, Requests::get(&deep, token, "")),
            reads("search", false, searches),
        ])
    }
}
