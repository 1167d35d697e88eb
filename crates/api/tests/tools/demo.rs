//! `serve --demo`, as the real binary.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Outcome, Reply, binary, http};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// The first start draws pictures and pays orders, in a build that is not optimised, beside other tests.
const PATIENCE: Duration = Duration::from_mins(8);

fn demo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .args(["serve", "--demo"])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("STOREKEEPER__SERVER__BIND", "127.0.0.1:0")
        .env("STOREKEEPER__AUTH__BCRYPT_COST", "4")
        .env("STOREKEEPER__LOG__FORMAT", "pretty")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// The lines until one of them contains `wanted`.
async fn until(wanted: &str, stream: impl AsyncRead + Unpin) -> String {
    let (mut lines, mut said) = (BufReader::new(stream), String::new());
    while !said.contains(wanted) {
        let read = timeout(PATIENCE, lines.read_line(&mut said)).await;
        assert_ne!(read.unwrap().unwrap(), 0, "{said}");
    }
    said
}

/// A demo that runs, what it said, and its address.
async fn start(command: &mut Command) -> (Child, String, String) {
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let said = until("/docs", child.stdout.take().unwrap()).await;
    let address = said.split("http://").nth(1).unwrap().split('/').next().unwrap();
    let url = format!("http://{address}");
    (child, said, url)
}

async fn stop(mut child: Child) {
    let pid = child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
    assert!(child.wait().await.unwrap().success());
}

async fn get(url: &str, path: &str) -> Reply {
    Reply::to(http().get(format!("{url}{path}"))).await.expect(200)
}

async fn log_in(url: &str) -> String {
    let login = json!({ "username": "demo", "password": "demo-demo-demo" });
    Reply::to(http().post(format!("{url}/api/v1/auth/login")).json(&login))
        .await
        .expect(200)
        .text("/access_token")
        .to_owned()
}

/// All orders, as the administrator sees them.
async fn orders(url: &str, token: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = http().get(format!("{url}/api/v1/orders?limit=100{cursor}")).bearer_auth(token);
        let page = Reply::to(page).await.expect(200);
        all.extend(page.items().iter().cloned());
        match page.at("/next_cursor").as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

async fn refused(command: &mut Command) -> String {
    let outcome = Outcome::of(timeout(PATIENCE, command.output()).await.unwrap().unwrap());
    assert_eq!(outcome.code, 2, "{outcome:?}");
    outcome.error
}

#[tokio::test]
async fn a_demo_is_a_shop_that_is_filled_once_r250_r251() {
    let folder = TempDir::new().unwrap();
    let (child, said, url) = start(&mut demo(folder.path(), &[])).await;
    for line in [
        format!("shop    {url}/\n"),
        format!("office  {url}/office/   (demo / demo-demo-demo)\n"),
        format!("docs    {url}/docs\n"),
    ] {
        assert!(said.contains(&line), "{said}");
    }

    let page = get(&url, "/").await;
    assert!(String::from_utf8(page.bytes.clone()).unwrap().contains("<title>Corner Shop</title>"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    for (file, media_type) in [("shop.js", "text/javascript"), ("api.js", "text/javascript"), ("shop.css", "text/css")]
    {
        let reply = get(&url, &format!("/{file}")).await;
        assert_eq!(reply.header("content-type"), Some(format!("{media_type}; charset=utf-8").as_str()), "{file}");
        assert_eq!(reply.header("cache-control"), Some("public, no-cache"), "{file}");
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/storefront").join(file);
        assert_eq!(reply.bytes, std::fs::read(here).unwrap(), "{file}");
    }

    let products = get(&url, "/api/v1/products?limit=100&total=true&include=group&facets=category").await;
    assert!(products.number("/total") >= 60, "{}", products.number("/total"));
    let pictured = products.items().iter().filter(|item| item["image"].is_object()).count();
    assert_eq!(pictured, 59, "every product of a group has a picture");
    let picture = products.items().iter().find_map(|item| item["image"]["sizes"][0]["url"].as_str()).unwrap();
    assert_eq!(get(&url, picture).await.header("content-type"), Some("image/jpeg"));
    assert_eq!(get(&url, "/api/v1/product-groups").await.items().len(), 12);
    assert!(products.at("/facets/0/values").as_array().unwrap().len() >= 6);

    let token = log_in(&url).await;
    let placed = orders(&url, &token).await;
    assert_eq!(placed.len(), 200);
    for status in ["placed", "processing", "shipped", "delivered", "cancelled"] {
        assert!(placed.iter().any(|order| order["status"] == status), "{status}");
    }
    for status in ["paid", "refunded", "partially_refunded"] {
        assert!(placed.iter().any(|order| order["payment_status"] == status), "{status}");
    }
    let promotions = http().get(format!("{url}/api/v1/promotions")).bearer_auth(&token);
    assert!(Reply::to(promotions).await.expect(200).items().len() >= 3);
    let person = json!({ "name": "Ann Buyer", "email": "ann@example.com", "phone": "+14155550100", "username": "ann", "password": "correct horse battery" });
    Reply::to(http().post(format!("{url}/api/v1/auth/register")).json(&person)).await.expect(201);
    stop(child).await;

    // The next start goes on with it, and --fresh does not while it runs.
    let (child, _, url) = timeout(Duration::from_mins(1), start(&mut demo(folder.path(), &[]))).await.unwrap();
    let token = log_in(&url).await;
    assert_eq!(orders(&url, &token).await.len(), 200);
    let login = json!({ "username": "ann", "password": "correct horse battery" });
    Reply::to(http().post(format!("{url}/api/v1/auth/login")).json(&login)).await.expect(200);
    let outcome = Outcome::of(demo(folder.path(), &["--fresh"]).output().await.unwrap());
    assert!(outcome.code == 1 && outcome.error.contains("is in use: stop the demo that runs"), "{outcome:?}");
    stop(child).await;

    // Others would know its password.
    let error = refused(demo(folder.path(), &["--demo-open"]).env("STOREKEEPER__SERVER__BIND", "0.0.0.0:0")).await;
    assert!(error.contains("has the password that everybody knows: add --fresh"), "{error}");

    let mut child = demo(folder.path(), &["--fresh"]).spawn().unwrap();
    until("filling", child.stderr.take().unwrap()).await;
    assert!(!folder.path().join("demo.db").exists(), "the old one is thrown away");
    child.kill().await.unwrap();
    assert!(!folder.path().join("demo.db").exists(), "what is half filled is no database");
}

#[tokio::test]
async fn a_demo_refuses_what_does_not_go_with_it_and_says_what_r250() {
    let folder = TempDir::new().unwrap();
    for (variable, value, expected) in [
        (
            "SERVER__BIND",
            "0.0.0.0:8080",
            "serve --demo lets everybody in who reaches it, so it listens on loopback only, and server.bind is 0.0.0.0:8080; set it to 127.0.0.1:8080, or add --demo-open",
        ),
        (
            "OFFICE__BIND",
            "0.0.0.0:8081",
            "and office.bind is 0.0.0.0:8081; set it to 127.0.0.1:8081, or add --demo-open",
        ),
        (
            "DATABASE__URL",
            "mysql://root@127.0.0.1/shop",
            "database.url must be left out with serve --demo, which has a SQLite database of its own, demo.db (environment variable STOREKEEPER__DATABASE__URL)",
        ),
        ("DATABASE__URL", "sqlite://demo.db", "database.url names demo.db, which serve --demo makes by itself"),
        (
            "CATALOG__PUBLIC",
            "false",
            "catalog.public must be true with serve --demo, or left out (environment variable STOREKEEPER__CATALOG__PUBLIC)",
        ),
        ("MAIL__TRANSPORT", "smtp", "mail.transport must be left out with serve --demo, which reaches nobody"),
        ("PAYMENTS__STRIPE__SECRET_KEY", "sk_live_1", "payments.stripe.secret_key must be left out with serve --demo"),
        ("MEDIA__STORE", "s3://shop", "media.store must be left out with serve --demo"),
    ] {
        let error = refused(demo(folder.path(), &[]).env(format!("STOREKEEPER__{variable}"), value)).await;
        assert!(error.contains(expected), "{variable}: {error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    for argument in ["--fresh", "--demo-open"] {
        let mut command = Command::new(binary());
        let error = refused(command.args(["serve", argument]).current_dir(folder.path()).env_clear()).await;
        assert!(error.contains("--demo"), "{argument}: {error}");
    }
}
