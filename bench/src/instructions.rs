//! Detects slowdowns by counting instructions, which do not depend on the load of the machine as times do.
//!
//! The release server runs under callgrind and answers the same requests on one connection. The instructions of each
//! request are compared with `bench/instructions.json`.
//!
//! Two things would depend on how fast the machine is. What the server does by the clock, such as looking for changes of
//! other servers: each batch of requests is followed by as much time without one, and its instructions are taken off. One
//! such look takes some 350,000 instructions, so a batch takes many times as many. And what the server reads again after
//! some seconds, such as the rights of an account: whoever asks in a batch has asked for something else just before. The
//! median of five batches is taken.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::database::Database;
use crate::prices;
use crate::scenarios::payments;
use crate::server::{Program, Server};
use crate::shop::Shop;

/// Allowed relative difference from the recorded count.
const TOLERANCE: f64 = 0.1;
/// Number of counted responses, after the same number of uncounted ones.
const ANSWERS: u32 = BATCHES * BATCH;
const BATCHES: u32 = 5;
/// Number of buyers whose responses are counted together.
const BATCH: u32 = 60;
/// How often each buyer of a batch reads. A read takes some 50,000 instructions, an order 900,000.
const READS: u32 = 10;

#[derive(Args)]
pub struct Instructions {
    /// Record the current counts
    #[arg(long)]
    update: bool,
    /// Storekeeper binary to use instead of building one
    #[arg(long, value_name = "FILE")]
    storekeeper: Option<PathBuf>,
}

type Counts = BTreeMap<String, u64>;

impl Instructions {
    pub async fn run(self) -> Result<()> {
        let program = self.storekeeper.map_or_else(Program::build, |file| Ok(Program(file)))?;
        let counted = count(&program).await?;
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.json");
        if self.update {
            return Ok(std::fs::write(file, serde_json::to_string_pretty(&counted)? + "\n")?);
        }
        let noted: Counts = serde_json::from_slice(&std::fs::read(file)?)?;
        let mut off = Vec::new();
        for (what, &now) in &counted {
            let before = *noted.get(what).with_context(|| format!("{what} was never noted"))?;
            let ratio = ratio(now, before);
            eprintln!("{what}: {now} instructions an answer, {before} noted, ratio {ratio:.3}");
            if (ratio - 1.0).abs() > TOLERANCE {
                off.push(what.as_str());
            }
        }
        ensure!(
            off.is_empty(),
            "not as noted: {}. If it is meant, `.ci/instructions --update` notes it",
            off.join(", ")
        );
        Ok(())
    }
}

#[allow(clippy::cast_precision_loss, reason = "compared with a tolerance")]
fn ratio(now: u64, before: u64) -> f64 {
    now as f64 / before as f64
}

/// Counts the instructions of each kind of request.
async fn count(program: &Program) -> Result<Counts> {
    let database = Database::embedded()?;
    let shop = Shop::seed(program, &database, 1000, 2 * ANSWERS).await?;
    let folder = tempfile::tempdir()?;
    let output = format!("--callgrind-out-file={}", folder.path().join("counted").display());
    let under = ["valgrind", "--tool=callgrind", "--quiet", "--dump-line=no", &output];
    let on_one_thread = [
        ("STOREKEEPER__SERVER__WORKERS", "1"),
        ("TOKIO_WORKER_THREADS", "1"),
        // Callgrind counts each byte that `rep movsb` copies as an instruction, and glibc uses it for more than 2 KB.
        ("GLIBC_TUNABLES", "glibc.cpu.x86_rep_movsb_threshold=1000000000"),
    ];
    let settings = [on_one_thread.as_slice(), &prices::SETTINGS].concat();
    let serve = async |more: &[(&str, &str)]| -> Result<Counter<'_>> {
        let settings = [settings.as_slice(), more].concat();
        let server = program.serve_under(&under, &database, &settings).await?;
        Ok(Counter { server, folder: folder.path(), shop: &shop, client: reqwest::Client::new() })
    };
    let mut counts = Counts::new();
    let (product, buyers) = (shop.products.first().context("no product")?.0.to_string(), shop.buyers.len());

    let counter = serve(&[]).await?;
    for (what, path) in [
        ("a product from memory", format!("/api/v1/products/{product}")),
        ("a list of 20 from memory", "/api/v1/products?limit=20".to_owned()),
        ("a cart", "/api/v1/cart".to_owned()),
    ] {
        let asked = async |_| counter.ask(0, Method::GET, &path, None).await;
        counts.insert(what.to_owned(), counter.count(READS, asked).await?);
    }
    let add = json!({"product_id": product, "quantity": 1});
    let added = async |n| counter.ask(n, Method::POST, "/api/v1/cart/items", Some(&add)).await;
    counts.insert("an addition to a cart".to_owned(), counter.count(1, added).await?);
    // As many lines as the other orders have.
    shop.reset_carts(buyers, true).await?;
    counts.insert("an order of a cart".to_owned(), counter.count_orders(&json!({})).await?);
    drop(counter);

    shop.reset_carts(buyers, true).await?;
    let counter = serve(&payments::SETTINGS).await?;
    counts.insert("an order of a cart that has to be paid".to_owned(), counter.count_orders(&json!({})).await?);
    drop(counter);

    let counter = serve(&[]).await?;
    prices::configure(&counter.server, &shop).await?;
    shop.reset_carts(buyers, true).await?;
    let order = prices::order(prices::CODE);
    let quoted = async |n| counter.ask(n, Method::POST, "/api/v1/checkout/quote", Some(&order)).await;
    counts.insert("a quote with a code, tax and shipping".to_owned(), counter.count(1, quoted).await?);
    for (what, code) in [("with a code", prices::CODE), ("with a limited code", prices::LIMITED)] {
        shop.reset_carts(buyers, true).await?;
        counts.insert(format!("an order {what}, tax and shipping"), counter.count_orders(&prices::order(code)).await?);
    }
    drop(counter);
    database.remove().await?;
    Ok(counts)
}

struct Counter<'a> {
    server: Server,
    folder: &'a Path,
    shop: &'a Shop,
    client: reqwest::Client,
}

impl Counter<'_> {
    /// Sends a request of the buyer with this place.
    async fn ask(&self, buyer: u32, method: Method, path: &str, body: Option<&Value>) -> Result<()> {
        let token = &self.shop.buyers.get(buyer as usize).context("no buyer")?.token;
        let request = self.client.request(method, format!("{}{path}", self.server.address)).bearer_auth(token);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "{path} is answered with {}", answer.status());
        answer.bytes().await?;
        Ok(())
    }

    /// Instructions of each order of a cart.
    async fn count_orders(&self, order: &Value) -> Result<u64> {
        self.count(1, async |buyer| self.ask(buyer, Method::POST, "/api/v1/orders", Some(order)).await).await
    }

    /// Instructions per response, where each buyer asks so many times. Each has read a list of products just before, so that
    /// what an account may do is known.
    async fn count(&self, times: u32, ask: impl AsyncFn(u32) -> Result<()>) -> Result<u64> {
        for n in 0..ANSWERS {
            ask(n).await?;
        }
        let mut counted = Vec::new();
        for batch in BATCHES..2 * BATCHES {
            let batch = batch * BATCH..(batch + 1) * BATCH;
            for n in batch.clone() {
                self.ask(n, Method::GET, "/api/v1/products?limit=1", None).await?;
            }
            self.control("--zero")?;
            let began = Instant::now();
            for n in batch.flat_map(|n| std::iter::repeat_n(n, times as usize)) {
                ask(n).await?;
            }
            let took = began.elapsed();
            let busy = self.since_zero()?;
            self.control("--zero")?;
            sleep(took).await;
            counted.push(busy.saturating_sub(self.since_zero()?) / u64::from(BATCH * times));
        }
        counted.sort_unstable();
        counted.get(counted.len() / 2).copied().context("nothing was counted")
    }

    /// The instructions since the counter was set to zero.
    fn since_zero(&self) -> Result<u64> {
        self.control("--dump")?;
        self.newest()
    }

    fn control(&self, command: &str) -> Result<()> {
        let done = Command::new("callgrind_control").args([command, &self.server.id().to_string()]).output()?;
        ensure!(done.status.success(), "callgrind_control {command}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    }

    /// The total of the latest dump of callgrind.
    fn newest(&self) -> Result<u64> {
        let mut dumps: Vec<_> = std::fs::read_dir(self.folder)?.collect::<Result<_, _>>()?;
        dumps.sort_by_key(|entry| entry.metadata().and_then(|about| about.modified()).ok());
        let text = std::fs::read_to_string(dumps.last().context("callgrind wrote nothing")?.path())?;
        let total = text.lines().find_map(|line| line.strip_prefix("totals: ").or(line.strip_prefix("summary: ")));
        total.context("no total")?.split_whitespace().next().context("no number")?.parse().context("no number")
    }
}
