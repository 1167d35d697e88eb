//! Logins, and their effect on other requests.

use anyhow::{Context, Result, anyhow};

use crate::database::Database;
use crate::floor;
use crate::measure::{by_hand, load};
use crate::plan::{Bench, Goal};
use crate::shop::Shop;
use crate::wrk::{self, Pressure, Request, Requests};

const CONNECTIONS: u32 = 16;
/// The password of every customer of the demo data.
const PASSWORD: &str = "storekeeper-demo";
/// The cost that the server has by default.
const COST: u32 = 12;

pub async fn run(bench: &mut Bench, database: &Database) -> Result<()> {
    if !bench.plan.wants(&["login", "reads-beside-logins"]) {
        return Ok(());
    }
    let shop = Shop::seed(&bench.program, database, 1000, 10).await?;
    let server = bench.program.serve(database, &[]).await?;
    let mut logins = Requests::default();
    for number in 1..=10 {
        let body = format!(r#"{{"username": "customer{number}", "password": "{PASSWORD}"}}"#);
        logins.push(&Request { method: "POST", path: "/api/v1/auth/login", token: "", headers: "", body: &body });
    }
    // Longer, because there are few logins per second.
    let seconds = (bench.plan.seconds * 4).max(10);
    let pressure = Pressure { connections: CONNECTIONS, seconds, once: false };
    if bench.plan.wants(&["login"]) {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), format!("{PASSWORD}\n{}", bcrypt::hash(PASSWORD, COST)?))?;
        let (threads, seconds) = (bench.workers.to_string(), seconds.to_string());
        let arguments = ["passwords", "--threads", &threads, "--seconds", &seconds];
        let ours = async |_| load(&server, database, &logins, pressure);
        let floor = async |_| by_hand(database, || floor::run(&arguments, file.path()));
        bench.compare(("login", database, CONNECTIONS), ("B", Goal::Speed(0.9)), ours, floor).await?;
    }
    if bench.plan.wants(&["reads-beside-logins"]) {
        let token = &shop.buyers.first().context("no buyer")?.token;
        let reads = Requests::get("/api/v1/products?limit=20", token, "");
        let quick = Pressure { seconds: seconds - 2, ..pressure };
        let beside = async |_| {
            std::thread::scope(|scope| {
                let others = scope.spawn(|| wrk::run(&server.address, &logins, pressure));
                let sample = load(&server, database, &reads, quick)?;
                others.join().map_err(|_| anyhow!("the logins failed"))??;
                Ok(sample)
            })
        };
        let floor = async |_| load(&server, database, &reads, quick);
        let against = ("reads without logins", Goal::P99(3.0));
        bench.compare(("reads-beside-logins", database, CONNECTIONS), against, beside, floor).await?;
    }
    Ok(())
}
