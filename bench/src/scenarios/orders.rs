//! Writes.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::database::Database;
use crate::floor;
use crate::floor::orders::Order;
use crate::measure::{Sample, by_hand, load};
use crate::plan::{Bench, Goal};
use crate::server::Server;
use crate::shop::{Buyer, Shop};
use crate::wrk::{Pressure, Request, Requests};

/// Upper bound of responses per second.
const MAX_RATE: u32 = 15_000;
/// Number of concurrent buyers: more than connections, so that the next request of a buyer is sent after the previous
/// response.
const CONCURRENT_BUYERS: usize = 512;
/// Number of buyers of the hot product.
const HOT_BUYERS: usize = 64;
/// Default number of connections to a database server.
const DATABASE_CONNECTIONS: u32 = 16;

/// A server with its shop, to which orders are sent.
pub(super) struct Scene<'a> {
    server: &'a Server,
    database: &'a Database,
    shop: &'a Shop,
    seconds: u32,
    /// Upper bound of orders in a round.
    most: usize,
    /// Orders in the fastest round of a scenario so far.
    fastest: Cell<Option<usize>>,
}

pub async fn run(bench: &mut Bench, database: &Database) -> Result<()> {
    if !bench.plan.wants(&["order", "hot-product", "purchase", "cart"]) {
        return Ok(());
    }
    let shop = Shop::seed(&bench.program, database, 1000, buyers(bench.plan.seconds)).await?;
    let server = bench.program.serve(database, &[]).await?;
    let scene = Scene::new(&server, database, &shop, bench.plan.seconds)?;
    let most = scene.most;
    let goal = |connections| Goal::Speed(if database.is_embedded() && connections == 64 { 2.0 } else { 0.8 });
    if bench.plan.wants(&["order"]) {
        for connections in [1, 16, 64] {
            scene.begin();
            let orders = shop.orders_of_carts(most);
            let ours = async |_| scene.order(connections).await;
            let floor = async |_| scene.by_hand(connections, &orders).await;
            bench.compare(("order", database, connections), ("S", goal(connections)), ours, floor).await?;
        }
    }
    if bench.plan.wants(&["hot-product"]) {
        scene.begin();
        let orders = scene.crowd()?;
        let ours = async |_| scene.hot_product().await;
        let floor = async |_| scene.by_hand(64, &orders).await;
        bench.compare(("hot-product", database, 64), ("S", goal(64)), ours, floor).await?;
    }
    if bench.plan.wants(&["purchase"]) {
        scene.begin();
        let orders = shop.orders_of_carts(most);
        let ours = async |_| scene.purchase().await;
        let floor = async |_| scene.by_hand(16, &orders).await;
        bench.compare(("purchase", database, 16), ("S", Goal::Speed(0.25)), ours, floor).await?;
    }
    if bench.plan.wants(&["cart"]) {
        scene.begin();
        bench.alone(("cart", database, 16), async |_| scene.cart().await).await?;
    }
    bench.program.run(database, &["doctor"])
}

/// How many customers a round of this length needs.
pub(super) fn buyers(seconds: u32) -> u32 {
    MAX_RATE * seconds
}

impl<'a> Scene<'a> {
    pub(super) fn new(server: &'a Server, database: &'a Database, shop: &'a Shop, seconds: u32) -> Result<Self> {
        let most = usize::try_from(buyers(seconds))?;
        Ok(Self { server, database, shop, seconds, most, fastest: Cell::new(None) })
    }

    /// Forgets how fast the last scenario was.
    pub(super) fn begin(&self) {
        self.fastest.set(None);
    }

    fn pressure(&self, connections: u32) -> Pressure {
        Pressure { connections, seconds: self.seconds, once: true }
    }

    /// The buyers of a round.
    fn buyers(&self) -> impl Iterator<Item = (usize, &Buyer)> {
        self.shop.buyers.iter().enumerate().take(self.enough())
    }

    /// Each buyer orders a full cart.
    pub(super) async fn order(&self, connections: u32) -> Result<Sample> {
        self.order_as("{}", connections).await
    }

    /// Each buyer orders a full cart by a request with this body.
    pub(super) async fn order_as(&self, body: &str, connections: u32) -> Result<Sample> {
        self.shop.reset_carts(self.enough(), true).await?;
        let mut requests = Requests::default();
        for (_, buyer) in self.buyers() {
            post(&mut requests, buyer, "/api/v1/orders", body);
        }
        self.orders(&requests, connections, 1).await
    }

    /// A few buyers order the same product repeatedly.
    pub(super) async fn hot_product(&self) -> Result<Sample> {
        let (product, _) = self.shop.products.first().context("no product")?;
        let body = json!({"items": [{"product_id": product.to_string(), "quantity": 1}]}).to_string();
        let mut requests = Requests::default();
        for buyer in self.shop.buyers.iter().take(HOT_BUYERS).cycle().take(self.enough()) {
            post(&mut requests, buyer, "/api/v1/orders", &body);
        }
        self.orders(&requests, 64, 1).await
    }

    /// Each buyer adds three products to the cart and orders it. A purchase counts as one.
    pub(super) async fn purchase(&self) -> Result<Sample> {
        self.shop.reset_carts(0, false).await?;
        let mut requests = Requests::default();
        let buyers: Vec<_> = self.buyers().collect();
        for side_by_side in buyers.chunks_exact(CONCURRENT_BUYERS) {
            for line in 0..3 {
                for (place, buyer) in side_by_side {
                    put(&mut requests, buyer, &self.shop.cart_of(*place), line);
                }
            }
            for (_, buyer) in side_by_side {
                post(&mut requests, buyer, "/api/v1/orders", "{}");
            }
        }
        let sample = self.orders(&requests, 16, 4).await?;
        Ok(Sample { per_second: sample.per_second / 4.0, cpu: sample.cpu * 4.0, ..sample })
    }

    /// Each buyer adds a product to the cart.
    pub(super) async fn cart(&self) -> Result<Sample> {
        self.shop.reset_carts(0, false).await?;
        let mut requests = Requests::default();
        for line in 0..3 {
            for (place, buyer) in self.buyers() {
                put(&mut requests, buyer, &self.shop.cart_of(place), line);
            }
        }
        load(self.server, self.database, &requests, self.pressure(16))
    }

    /// Sends requests, of which one in `one_of` is an order, and checks the number of orders.
    async fn orders(&self, requests: &Requests, connections: u32, one_of: u64) -> Result<Sample> {
        let before = self.shop.orders().await?;
        let sample = load(self.server, self.database, requests, self.pressure(connections))?;
        // What is under way when the load ends would empty carts that were filled for the next round.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let placed = u64::try_from(self.shop.orders().await? - before)?;
        // Requests in progress at the end of the round; for purchases, up to one for each concurrent buyer.
        let unsure = u64::from(connections) + if one_of > 1 { u64::try_from(CONCURRENT_BUYERS)? } else { 0 };
        let answered = sample.answers / one_of;
        ensure!(placed.abs_diff(answered) <= unsure, "{answered} orders were answered and {placed} are there");
        self.expect(sample.answers);
        Ok(sample)
    }

    /// Orders to prepare for a round: a few times as many as the fastest round of either program.
    fn enough(&self) -> usize {
        self.fastest.get().map_or(self.most, |orders| self.most.min(4 * orders.max(CONCURRENT_BUYERS)))
    }

    fn expect(&self, answers: u64) {
        let answers = usize::try_from(answers).unwrap_or(usize::MAX);
        self.fastest.set(self.fastest.get().max(Some(answers)));
    }

    async fn by_hand(&self, tasks: u32, orders: &[Order]) -> Result<Sample> {
        if orders.first().is_some_and(|order| order.has_cart) {
            self.shop.reset_carts(self.enough(), true).await?;
        }
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), serde_json::to_vec(orders)?)?;
        let connections = tasks.min(DATABASE_CONNECTIONS).to_string();
        let (tasks, seconds) = (tasks.to_string(), self.seconds.to_string());
        let arguments = [
            ["orders", "--url"].as_slice(),
            &[&self.database.url, "--connections", &connections, "--tasks", &tasks, "--seconds", &seconds],
        ];
        let sample = by_hand(self.database, || floor::run(&arguments.concat(), file.path()))?;
        self.expect(sample.answers);
        Ok(sample)
    }

    fn crowd(&self) -> Result<Vec<Order>> {
        let hot = *self.shop.products.first().context("no product")?;
        let order = |buyer: &Buyer| Order {
            account_id: buyer.account_id.into_bytes(),
            customer_id: buyer.customer_id.into_bytes(),
            products: vec![(hot.0.into_bytes(), hot.1)],
            has_cart: false,
        };
        Ok(self.shop.buyers.iter().take(HOT_BUYERS).map(order).collect())
    }
}

fn post(requests: &mut Requests, buyer: &Buyer, path: &str, body: &str) {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    let headers = format!("Idempotency-Key: key-{}\r\n", KEYS.fetch_add(1, Ordering::Relaxed));
    requests.push(&Request { method: "POST", path, token: &buyer.token, headers: &headers, body });
}

/// Adds the request that puts one line into a cart.
fn put(requests: &mut Requests, buyer: &Buyer, cart: &[(uuid::Uuid, i64)], line: usize) {
    if let Some((product, _)) = cart.get(line) {
        post(
            requests,
            buyer,
            "/api/v1/cart/items",
            &json!({"product_id": product.to_string(), "quantity": 1}).to_string(),
        );
    }
}
