//! What can only be said below HTTP libraries.

use std::time::{Duration, Instant};

use testkit::{App, Server, TestDatabase, spawn, until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Sends `text` and answers what comes back: all of a problem document, or what there is until the server says no more.
async fn exchange(app: &App, text: &[u8], patience: Duration) -> String {
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    stream.write_all(text).await.unwrap();
    read(&mut stream, patience).await
}

async fn read(stream: &mut TcpStream, patience: Duration) -> String {
    let mut answer = Vec::new();
    let all =
        async { while stream.read_buf(&mut answer).await.is_ok_and(|read| read > 0) && !answer.ends_with(b"}") {} };
    let _ = timeout(patience, all).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(app: &App, more: &str) -> String {
    format!(
        "POST /api/v1/products HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n{more}\r\n",
        app.admin
    )
}

#[tokio::test]
async fn a_body_that_stalls_is_a_408_after_ten_seconds_r30() {
    let app = spawn().await;
    let start = Instant::now();
    let request = format!("{}{{\"name\":", head(&app, "content-length: 100\r\n"));
    let answer = exchange(&app, request.as_bytes(), Duration::from_secs(12)).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("/problems/request-timeout") && answer.contains("connection: close"), "{answer}");
    assert!((9..12).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_body_without_an_announced_length_is_refused_once_it_is_too_large_r30() {
    let app = spawn().await;
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    stream.write_all(head(&app, "transfer-encoding: chunked\r\n").as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..8 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    let answer = read(&mut stream, Duration::from_secs(3)).await;
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("/problems/body-too-large"), "{answer}");
}

#[tokio::test]
async fn an_announced_length_that_is_too_large_is_refused_before_the_body_comes_r30() {
    let app = spawn().await;
    let start = Instant::now();
    let answer = exchange(&app, head(&app, "content-length: 20000000\r\n").as_bytes(), Duration::from_secs(3)).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn invalid_http_is_refused_r77() {
    let app = spawn().await;
    for nonsense in ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n"] {
        let answer = exchange(&app, nonsense.as_bytes(), Duration::from_secs(1)).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{nonsense:?}: {answer}");
    }
}

#[tokio::test]
async fn a_malformed_head_gets_a_problem_document_and_a_line_in_the_log() {
    let server = Server::start(&TestDatabase::sqlite()).await;
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(200));
    let large = format!("GET / HTTP/1.1\r\na: {}", "x".repeat(200 * 1024));
    for (head, status, kind) in [
        ("nonsense\r\n\r\n", 400, "malformed-request"),
        ("GET /a b HTTP/1.1\r\nhost: x\r\n\r\n", 400, "malformed-request"),
        ("GET /\u{e9} b HTTP/1.1\r\nhost: x\r\n\r\n", 400, "malformed-request"),
        ("GET / HTTP/1.1\r\nbad name: x\r\n\r\n", 400, "malformed-request"),
        ("GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n", 400, "malformed-request"),
        (many.as_str(), 431, "headers-too-large"),
        (large.as_str(), 431, "headers-too-large"),
    ] {
        let mut stream = TcpStream::connect(server.address.strip_prefix("http://").unwrap()).await.unwrap();
        let peer = stream.local_addr().unwrap().to_string();
        // The server may have answered and closed before all is sent.
        stream.write_all(head.as_bytes()).await.ok();
        let answer = read(&mut stream, Duration::from_secs(3)).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{status}: {answer:?}"));
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(head.contains("application/problem+json") && head.contains("connection: close"), "{answer}");
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&problem["type"], &problem["status"]), (&format!("/problems/{kind}").into(), &status.into()));
        let id = problem["request_id"].as_str().unwrap();
        assert!(id.len() == 36 && head.contains(&format!("x-request-id: {id}")), "{answer}");
        until("logged", async || server.printed().contains(id)).await;
        let log = server.printed();
        let lines: Vec<_> = log.lines().filter(|line| line.contains(id)).collect();
        assert!(lines.len() == 1 && lines[0].contains(&peer) && lines[0].contains("WARN"), "{peer}: {lines:?}");
    }
}

#[tokio::test]
async fn a_head_that_takes_too_long_gets_a_problem_document() {
    let app = spawn().await;
    let answer = exchange(&app, "GET /\u{e9} HTTP/1.1\r\nhost:".as_bytes(), Duration::from_secs(14)).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("/problems/request-timeout"), "{answer}");
}

/// Sends parts one after the other and reads until `count` responses with their bodies are there.
async fn converse(app: &App, parts: &[&[u8]], count: usize) -> String {
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for part in parts {
        stream.write_all(part).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut answer = Vec::new();
    let responses = |answer: &[u8]| String::from_utf8_lossy(answer).matches("HTTP/1.1 ").count();
    let all = async {
        while (responses(&answer) < count || !answer.ends_with(b"}"))
            && stream.read_buf(&mut answer).await.is_ok_and(|read| read > 0)
        {}
    };
    let _ = timeout(Duration::from_secs(5), all).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn raw_utf8_in_the_request_line_is_served() {
    let app = spawn().await;
    let cafe = app.product("Caf\u{e9}", 100, 1).await;
    app.product("Lamp", 100, 1).await;
    let token = format!("host: x\r\nauthorization: Bearer {}\r\n", app.admin);
    let search = format!("GET /api/v1/products?q=caf\u{e9} HTTP/1.1\r\n{token}\r\n");
    let search = search.as_bytes();
    let found = |answer: &str, count: usize| {
        assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), count, "{answer}");
        assert_eq!(answer.matches(&format!("\"id\":\"{cafe}\"")).count(), count, "{answer}");
        assert!(!answer.contains("Lamp") && answer.matches("x-request-id: ").count() == count, "{answer}");
    };
    found(&converse(&app, &[search], 1).await, 1);
    found(&converse(&app, &[search, search], 2).await, 2);
    found(&converse(&app, &[&[search, search, search].concat()], 3).await, 3);
    let (first, second) = search.split_at(27);
    found(&converse(&app, &[first, second], 1).await, 1);
    let path = format!("GET /api/v1/products/\u{e9}\u{4e2d} HTTP/1.1\r\n{token}\r\n");
    let answer = converse(&app, &[path.as_bytes()], 1).await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("must be a UUID"), "{answer}");
    assert!(answer.contains("/api/v1/products/%C3%A9%E4%B8%AD"), "{answer}");
    let latin = [b"GET /api/v1/products?q=caf\xe9 HTTP/1.1\r\n", token.as_bytes(), b"\r\n"].concat();
    let answer = converse(&app, &[&latin], 1).await;
    assert!(answer.contains("x-request-id: "), "{answer}");
}

#[tokio::test]
async fn a_body_is_never_taken_for_a_request_line() {
    let app = spawn().await;
    let body =
        "{\"name\":\"Caf\u{e9}\",\"price\":{\"amount\":1,\"currency\":\"USD\"},\r\nGET /\u{e9} HTTP/1.1\r\n\r\n}";
    let good = "{\"name\":\"Caf\u{e9}\",\"price\":{\"amount\":1,\"currency\":\"USD\"}}";
    let post = |body: &str| format!("{}{body}", head(&app, &format!("content-length: {}\r\n", body.len())));
    let search =
        format!("GET /api/v1/products?q=caf\u{e9} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n", app.admin);
    let all = format!("{}{}{search}", post(body), post(good));
    for cut in [0, 40, all.len() - search.len() - 20, all.len() - search.len() + 25] {
        let (first, second) = all.as_bytes().split_at(cut);
        let answer = converse(&app, &[first, second], 3).await;
        let statuses: Vec<_> = answer.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
        assert_eq!(statuses, ["400", "201", "200"], "{cut}: {answer}");
        assert!(answer.contains("malformed-json") && answer.contains("\"items\":[{"), "{answer}");
    }
    let chunked = head(&app, "transfer-encoding: chunked\r\n");
    let chunks = format!("{chunked}{:x}\r\n{good}\r\n0\r\n\r\n", good.len());
    let answer = converse(&app, &[chunks.as_bytes()], 1).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[tokio::test]
async fn a_request_with_an_ambiguous_body_length_is_refused_r77() {
    let app = spawn().await;
    let both = head(&app, "content-length: 5\r\ntransfer-encoding: chunked\r\n");
    let answer = exchange(&app, format!("{both}0\r\n\r\n").as_bytes(), Duration::from_secs(1)).await;
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    let twice = head(&app, "content-length: 2\r\ncontent-length: 3\r\n");
    let answer = exchange(&app, format!("{twice}{{}}").as_bytes(), Duration::from_secs(1)).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}
