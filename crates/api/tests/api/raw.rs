//! What can only be said below HTTP libraries.

use std::time::{Duration, Instant};

use testkit::{App, spawn};
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
async fn a_request_with_an_ambiguous_body_length_is_refused_r77() {
    let app = spawn().await;
    let both = head(&app, "content-length: 5\r\ntransfer-encoding: chunked\r\n");
    let answer = exchange(&app, format!("{both}0\r\n\r\n").as_bytes(), Duration::from_secs(1)).await;
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    let twice = head(&app, "content-length: 2\r\ncontent-length: 3\r\n");
    let answer = exchange(&app, format!("{twice}{{}}").as_bytes(), Duration::from_secs(1)).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}
