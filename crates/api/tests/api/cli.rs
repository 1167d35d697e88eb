//! The program as it is run.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::{binary, http};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .env("STOREKEEPER__SERVER__BIND", "127.0.0.1:0")
        .env("STOREKEEPER__AUTH__BCRYPT_COST", "4")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command(dir, arguments).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A server that runs as a process of its own.
struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    said: String,
    url: String,
}

async fn serve(command: &mut Command) -> Process {
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("/health/ready") {
        let read = stdout.read_line(&mut said).await.unwrap();
        assert_ne!(read, 0, "{said}");
    }
    let (before, _) = said.split_once("/api/v1").unwrap();
    let url = before.get(before.rfind("http://").unwrap()..).unwrap().to_owned();
    Process { child, stdout, said, url }
}

impl Process {
    fn signal(&self, signal: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    async fn end(mut self) -> (Option<i32>, String, String) {
        let (mut stderr, mut log) = (self.child.stderr.take().unwrap(), String::new());
        // At once: a process whose output nobody reads never ends.
        let (status, said, logged) = tokio::join!(
            self.child.wait(),
            self.stdout.read_to_string(&mut self.said),
            stderr.read_to_string(&mut log)
        );
        said.and(logged).unwrap();
        (status.unwrap().code(), self.said, log)
    }

    async fn status(&self, path: &str) -> u16 {
        reqwest::get(format!("{}{path}", self.url)).await.unwrap().status().as_u16()
    }
}

/// The password in a text or in an event.
fn password(said: &str) -> &str {
    if let Some((_, rest)) = said.split_once("\"password\":\"") {
        return rest.split_once('"').unwrap().0;
    }
    let line = said.lines().find_map(|line| line.trim_start().strip_prefix("password"));
    line.unwrap().trim_start_matches([':', ' '])
}

#[tokio::test]
async fn the_first_start_makes_an_administrator_and_shows_its_password_once_r7_r78() {
    let dir = TempDir::new().unwrap();
    let first = serve(&mut command(dir.path(), &[])).await;
    let password = password(&first.said).to_owned();
    assert!(password.len() >= 20, "{}", first.said);
    let login = serde_json::json!({ "username": "admin", "password": password });
    let url = format!("{}/api/v1/auth/login", first.url);
    let reply = http().post(url).json(&login).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    let tokens = reply.text().await.unwrap();
    first.signal("-TERM");
    let (code, _, log) = first.end().await;
    assert_eq!(code, Some(0));
    assert!(!log.contains(&password) && !log.contains("eyJ"), "{log}");
    assert!(tokens.contains("eyJ"));

    let second = serve(&mut command(dir.path(), &["serve"])).await;
    assert!(!second.said.contains("password"), "{}", second.said);
    second.signal("-INT");
    assert_eq!(second.end().await.0, Some(0));
}

#[tokio::test]
async fn a_configured_administrator_is_not_announced_r7() {
    let dir = TempDir::new().unwrap();
    let mut command = command(dir.path(), &["serve"]);
    let process = serve(command.env("STOREKEEPER__ADMIN__PASSWORD", "correct horse battery")).await;
    assert!(!process.said.contains("password"), "{}", process.said);
    process.signal("-TERM");
    assert_eq!(process.end().await.0, Some(0));
}

#[tokio::test]
async fn a_stop_signal_makes_the_server_unready_first_and_then_ends_it_r79() {
    let dir = TempDir::new().unwrap();
    let mut command = command(dir.path(), &["serve"]);
    let process = serve(command.env("STOREKEEPER__SERVER__DRAIN", "4s")).await;
    assert_eq!((process.status("/health/ready").await, process.status("/health/live").await), (200, 200));
    let start = Instant::now();
    process.signal("-TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let reply = reqwest::get(format!("{}/health/ready", process.url)).await.unwrap();
    assert_eq!((reply.status().as_u16(), reply.headers()["connection"].to_str().unwrap()), (503, "close"));
    assert!(reply.headers().contains_key("retry-after"));
    assert_eq!(process.status("/health/live").await, 200);
    assert_eq!(process.status("/api/v1/me").await, 401);
    let (code, ..) = process.end().await;
    assert_eq!(code, Some(0));
    assert!(start.elapsed().as_secs() >= 4, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_running_request_is_finished_after_a_stop_signal_r79() {
    let dir = TempDir::new().unwrap();
    let process = serve(&mut command(dir.path(), &["serve"])).await;
    let address = process.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let body = r#"{"username":"nobody","password":"wrong password"}"#;
    let (early, late) = body.split_at(10);
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let head = format!("{head}expect: 100-continue\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).await.unwrap();
    assert!(go_on.starts_with(b"HTTP/1.1 100"), "the request runs");
    stream.write_all(early.as_bytes()).await.unwrap();
    process.signal("-INT");
    while tokio::net::TcpStream::connect(&address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stream.write_all(late.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert_eq!(process.end().await.0, Some(0));
}

#[tokio::test]
async fn a_second_stop_signal_ends_the_server_at_once_r79() {
    let dir = TempDir::new().unwrap();
    let mut command = command(dir.path(), &["serve"]);
    let process = serve(command.env("STOREKEEPER__SERVER__DRAIN", "60s")).await;
    process.signal("-TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    process.signal("-TERM");
    let start = Instant::now();
    assert_ne!(process.end().await.0, Some(0));
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn every_log_line_of_a_request_has_its_id_and_none_shows_a_secret_r77() {
    let dir = TempDir::new().unwrap();
    let mut command = command(dir.path(), &["serve"]);
    let process = serve(command.env("RUST_LOG", "debug").env("STOREKEEPER__LOG__FORMAT", "json")).await;
    let password = password(&process.said).to_owned();
    let client = http();
    let login = serde_json::json!({ "username": "admin", "password": password });
    let url = format!("{}/api/v1/auth/login?secret=hunter2", process.url);
    let reply = client.post(url).header("x-request-id", "my-request").json(&login).send().await.unwrap();
    let tokens: serde_json::Value = reply.json().await.unwrap();
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    let url = format!("{}/api/v1/products?status=hunter2", process.url);
    client.get(url).bearer_auth(&token).header("x-request-id", "another").send().await.unwrap();
    process.signal("-INT");
    let (_, _, log) = process.end().await;
    let answered = |id: &str| {
        let line = log.lines().find(|line| line.contains("answered") && line.contains(id)).unwrap();
        serde_json::from_str::<serde_json::Value>(line).unwrap()
    };
    let line = answered("my-request");
    assert_eq!((&line["status"], &line["route"]), (&200.into(), &"/api/v1/auth/login".into()));
    assert!(line["milliseconds"].is_number() && line["method"] == "POST");
    assert!(answered("another")["account_id"].is_string());
    for secret in [password.as_str(), token.as_str(), tokens["refresh_token"].as_str().unwrap(), "hunter2", "$2b$"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn migrations_can_be_applied_reverted_and_listed_r78() {
    let dir = TempDir::new().unwrap();
    let (code, before, _) = run(dir.path(), &["migrate", "status"]).await;
    assert!(code == 0 && before.lines().all(|line| line.starts_with("pending")) && !before.is_empty(), "{before}");
    let (code, up, _) = run(dir.path(), &["migrate", "up"]).await;
    assert!(code == 0 && up.lines().all(|line| line.starts_with("applied")), "{up}");
    let (code, down, _) = run(dir.path(), &["migrate", "down", "--steps", "2", "--yes"]).await;
    assert!(code == 0 && down.lines().filter(|line| line.starts_with("pending")).count() == 2, "{down}");
    assert_eq!(run(dir.path(), &["migrate", "up"]).await.0, 0);
}

#[tokio::test]
async fn another_administrator_can_be_made_r7_r78() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["migrate", "up"]).await.0, 0);
    let (code, said, _) = run(dir.path(), &["create-admin", "--username", "Boss"]).await;
    assert!(code == 0 && said.contains("administrator boss created"), "{said}");
    assert!(password(&said).len() >= 20);
    let (code, _, error) = run(dir.path(), &["create-admin", "--username", "boss"]).await;
    assert!(code != 0 && error.contains("boss already exists"), "{error}");
    let (code, _, error) = run(dir.path(), &["create-admin", "--username", "b"]).await;
    assert!(code == 2 && error.contains("must have 3 to 32"), "{error}");

    let mut with_stdin = command(dir.path(), &["create-admin", "--username", "chief", "--password-stdin"]);
    let mut child = with_stdin.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"correct horse battery\n").await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success() && !String::from_utf8(output.stdout).unwrap().contains("correct horse"));
}

#[tokio::test]
async fn demo_data_keeps_the_rules_and_seeding_twice_adds_nothing_r78() {
    let dir = TempDir::new().unwrap();
    let arguments = ["seed", "--products", "6", "--customers", "3", "--orders", "7"];
    assert_eq!(run(dir.path(), &["migrate", "up"]).await.0, 0);
    let (code, said, error) = run(dir.path(), &arguments).await;
    assert_eq!(code, 0, "{error}");
    assert!(
        said.contains("products: 6 created")
            && said.contains("customers: 3 created")
            && said.contains("orders: 7 created"),
        "{said}"
    );
    let (code, said, _) = run(dir.path(), &arguments).await;
    assert!(code == 0 && said.contains("products: 0 created") && said.contains("orders: 0 created"), "{said}");

    let mut command = command(dir.path(), &["serve"]);
    let process = serve(command.env("STOREKEEPER__ADMIN__PASSWORD", "correct horse battery")).await;
    let client = http();
    let login = serde_json::json!({ "username": "admin", "password": "correct horse battery" });
    let reply = client.post(format!("{}/api/v1/auth/login", process.url)).json(&login).send().await.unwrap();
    let tokens: serde_json::Value = reply.json().await.unwrap();
    let get = async |path: String| -> serde_json::Value {
        let call =
            client.get(format!("{}/api/v1/{path}", process.url)).bearer_auth(tokens["access_token"].as_str().unwrap());
        call.send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(get("orders?limit=100".to_owned()).await["items"].as_array().unwrap().len(), 7);
    for stock in get("stock".to_owned()).await["items"].as_array().unwrap() {
        let movements =
            get(format!("products/{}/stock/movements?limit=100", stock["product_id"].as_str().unwrap())).await;
        let sum: i64 = movements["items"].as_array().unwrap().iter().map(|one| one["quantity"].as_i64().unwrap()).sum();
        assert_eq!(Some(sum), stock["on_hand"].as_i64());
    }
}

#[tokio::test]
async fn the_configuration_can_be_checked_r73_r78() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("storekeeper.toml"), "[shop]\ncurrency = \"EUR\"\n").unwrap();
    let (code, said, _) = run(dir.path(), &["check-config"]).await;
    assert_eq!(code, 0);
    let line = |key: &str| said.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key} in {said}"));
    assert!(line("shop.currency").contains("EUR  # file storekeeper.toml"), "{said}");
    assert!(line("auth.bcrypt_cost").ends_with("# environment variable STOREKEEPER__AUTH__BCRYPT_COST"), "{said}");
    assert!(line("shop.lead_time_days").ends_with("# default"), "{said}");
    let (_, explained, _) = run(dir.path(), &["check-config", "--explain"]).await;
    assert!(
        explained.contains("# working days until an order is delivered, 0 to 365\nshop.lead_time_days"),
        "{explained}"
    );
}

#[tokio::test]
async fn a_wrong_configuration_refuses_the_start_with_exit_code_2_r73() {
    let dir = TempDir::new().unwrap();
    for arguments in [vec!["serve"], vec!["check-config"], vec!["migrate", "up"]] {
        let mut command = command(dir.path(), &arguments);
        let output = command.env("STOREKEEPER__SHOP__CURRENCY", "shells").output().await.unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("shop.currency must be"));
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    let (code, _, error) = run(dir.path(), &["serve", "--config", "nowhere.toml"]).await;
    assert!(code == 2 && error.contains("nowhere.toml"), "{error}");
}

#[tokio::test]
async fn every_command_has_a_help_text_r78() {
    let dir = TempDir::new().unwrap();
    let (code, help, _) = run(dir.path(), &["--help"]).await;
    assert_eq!(code, 0);
    let commands =
        ["serve", "migrate", "seed", "doctor", "import", "export", "health", "create-admin", "openapi", "check-config"];
    for name in commands {
        assert!(help.contains(name), "{help}");
        let (code, help, _) = run(dir.path(), &[name, "--help"]).await;
        assert!(code == 0 && help.contains("--config <FILE>"), "{help}");
    }
    let (code, version, _) = run(dir.path(), &["--version"]).await;
    assert!(code == 0 && version.starts_with("storekeeper "), "{version}");
    assert_eq!(run(dir.path(), &["nonsense"]).await.0, 2);
}

#[tokio::test]
async fn the_health_command_reports_whether_the_server_is_ready_r77_r78() {
    let dir = TempDir::new().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let everywhere = format!("0.0.0.0:{}", free.port());
    let health = || {
        let mut command = command(dir.path(), &["health"]);
        command.env("STOREKEEPER__SERVER__BIND", &everywhere);
        async move { command.output().await.unwrap() }
    };
    let nobody = health().await;
    assert_eq!(nobody.status.code(), Some(1));
    let said = String::from_utf8(nobody.stderr).unwrap();
    assert!(said.contains(&format!("storekeeper: no answer from {free}")), "{said}");

    let server = serve(command(dir.path(), &["serve"]).env("STOREKEEPER__SERVER__BIND", &everywhere)).await;
    let ready = health().await;
    assert_eq!((ready.status.code(), ready.stdout), (Some(0), b"ready\n".to_vec()));

    // It takes requests for half a second more, and says that it will not.
    server.signal("-TERM");
    let deadline = Instant::now() + Duration::from_secs(5);
    let stopping = loop {
        let answer = health().await;
        if answer.status.code() == Some(1) {
            break String::from_utf8(answer.stderr).unwrap();
        }
        assert!(Instant::now() < deadline, "it never said so");
    };
    assert!(stopping.contains("503 Service Unavailable") || stopping.contains("no answer"), "{stopping}");
    assert_eq!(server.end().await.0, Some(0));
}

#[tokio::test]
async fn an_address_in_use_is_reported_in_one_line_r78() {
    let dir = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = command(dir.path(), &["serve"]).env("STOREKEEPER__SERVER__BIND", &address).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    let line = error.lines().find(|line| line.starts_with("storekeeper:")).unwrap();
    assert!(line.contains(&address) && line.contains("in use"), "{error}");
}

#[tokio::test]
async fn without_its_database_the_server_lives_and_is_not_ready_r74_r77() {
    let dir = TempDir::new().unwrap();
    let mut command = command(dir.path(), &["serve"]);
    command
        .env("STOREKEEPER__DATABASE__URL", "mysql://shop:pw@127.0.0.1:9/shop")
        .env("STOREKEEPER__AUTH__JWT_SECRET", "s".repeat(32));
    let process = serve(&mut command).await;
    assert_eq!((process.status("/health/live").await, process.status("/health/ready").await), (200, 503));
    let reply = reqwest::get(format!("{}/api/v1/products", process.url)).await.unwrap();
    assert_eq!(
        (reply.status().as_u16(), reply.headers()["content-type"].to_str().unwrap()),
        (503, "application/problem+json")
    );
    assert!(reply.headers().contains_key("retry-after"));
    process.signal("-INT");
    assert_eq!(process.end().await.0, Some(0));
}

#[tokio::test]
async fn the_document_needs_neither_configuration_nor_database_r75_r78() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("storekeeper.toml"), "nonsense").unwrap();
    let (code, printed, said) = run(dir.path(), &["openapi", "--format", "openapi-json"]).await;
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(printed.starts_with('{') && printed.contains("\"openapi\": \"3.1.0\""), "{printed}");
    let (code, nothing, said) = run(dir.path(), &["openapi", "--format", "swagger-yaml", "--output", "s.yaml"]).await;
    assert_eq!((code, nothing.as_str(), said.as_str()), (0, "", ""));
    assert!(std::fs::read_to_string(dir.path().join("s.yaml")).unwrap().starts_with("swagger: '2.0'"));
    assert!(!dir.path().join("storekeeper.db").exists());
}

#[tokio::test]
async fn an_unknown_format_and_a_path_that_cannot_be_written_are_named_r75_r78() {
    let dir = TempDir::new().unwrap();
    let (code, printed, said) = run(dir.path(), &["openapi", "--format", "nonsense"]).await;
    assert_eq!((code, printed.as_str()), (2, ""));
    assert!(said.contains("nonsense") && said.contains("swagger-yaml"), "{said}");
    let (code, _, said) = run(dir.path(), &["openapi", "--format", "openapi-yaml", "--output", "no/such/folder"]).await;
    assert_eq!((code, said.lines().count()), (1, 1), "{said}");
    assert!(said.starts_with("storekeeper: cannot write no/such/folder: "), "{said}");
}
