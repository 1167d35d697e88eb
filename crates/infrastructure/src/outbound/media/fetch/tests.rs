use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A server that answers each path, or hangs.
async fn server(
    host: &str,
    answer: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((host, 0)).await.unwrap();
    let (address, answer, connections) =
        (listener.local_addr().unwrap(), Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 8192];
                let length = stream.read(&mut request).await.unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                match answer(path) {
                    Some(answer) => drop(stream.write_all(answer.as_bytes()).await),
                    None => std::future::pending::<()>().await,
                }
            });
        }
    });
    (address, connections)
}

#[expect(clippy::unnecessary_wraps, reason = "one of the answers of a server that may have none")]
fn ok(body: &str) -> Option<String> {
    Some(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()))
}

#[expect(clippy::unnecessary_wraps, reason = "one of the answers of a server that may have none")]
fn to(place: &str) -> Option<String> {
    Some(format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
}

/// All names have this address, at any port.
struct Fixed(&'static str);

#[async_trait]
impl Lookup for Fixed {
    async fn addresses(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![SocketAddr::new(self.0.parse().unwrap(), 0)])
    }
}

fn fetcher(networks: &[&str], address: &'static str) -> HttpPictures {
    let networks = Networks::new(networks.iter().map(|network| network.parse().unwrap()).collect());
    let (timeout, lookup) = (Duration::from_secs(2), Arc::new(Fixed(address)));
    HttpPictures::new(FetcherConfig { networks, timeout, lookup }).unwrap()
}

async fn why(pictures: &HttpPictures, url: &str) -> String {
    pictures.fetch(url).await.unwrap_err().0
}

#[tokio::test]
async fn a_picture_is_fetched_also_where_a_redirect_leads_r228_r231() {
    let (address, _) = server("127.0.0.1", |path| match path {
        "/a.png" => ok("bytes"),
        "/moved" => to("/a.png"),
        "/round" => to("/round"),
        _ => Some("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()),
    })
    .await;
    let (pictures, port) = (fetcher(&["127.0.0.0/8"], "127.0.0.1"), address.port());
    assert_eq!(pictures.fetch(&format!("http://127.0.0.1:{port}/a.png")).await, Ok(b"bytes".to_vec()));
    assert_eq!(pictures.fetch(&format!(" http://pictures.example:{port}/moved ")).await, Ok(b"bytes".to_vec()));
    assert_eq!(why(&pictures, &format!("http://127.0.0.1:{port}/none")).await, "it is answered with 404");
    assert!(why(&pictures, &format!("http://127.0.0.1:{port}/round")).await.contains("more than 3 times"));
}

#[tokio::test]
async fn no_private_address_is_reached_by_a_literal_a_name_or_a_redirect_r231() {
    let (address, connections) = server("127.0.0.1", |_| ok("secret")).await;
    let port = address.port();
    let pictures = fetcher(&[], "127.0.0.1");
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://10.0.0.1/a.png".to_owned(),
        format!("http://pictures.example:{port}/a.png"),
    ] {
        assert_eq!(why(&pictures, &url).await, "it has no public address", "{url}");
    }
    assert_eq!(connections.load(Ordering::Relaxed), 0, "nothing was asked");
    for (url, rule) in [
        ("ftp://pictures.example/a.png", "it must begin with https:// or http://"),
        ("file:///etc/passwd", "it must begin with https:// or http://"),
        ("a.png", "it must begin with https:// or http://"),
        ("", "it must begin with https:// or http://"),
        ("http://me:secret@pictures.example/", "it must have no user and no password"),
    ] {
        assert_eq!(why(&pictures, url).await, rule, "{url}");
    }

    // The first address is one that may be reached; where it leads may not.
    let (inner, reached) = server("127.0.0.2", |_| ok("secret")).await;
    let inside = format!("http://127.0.0.2:{}/", inner.port());
    let (outer, _) =
        server("127.0.0.1", move |path| to(if path == "/file" { "file:///etc/passwd" } else { &inside })).await;
    let pictures = fetcher(&["127.0.0.1/32"], "127.0.0.2");
    assert_eq!(why(&pictures, &format!("http://127.0.0.1:{}/", outer.port())).await, "it has no public address");
    let file = why(&pictures, &format!("http://127.0.0.1:{}/file", outer.port())).await;
    assert_eq!(file, "it must begin with https:// or http://");
    assert_eq!(reached.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_picture_that_is_too_large_or_too_slow_is_given_up_r231() {
    let (address, _) = server("127.0.0.1", |path| match path {
        "/announced" => Some(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", MOST_BYTES + 1)),
        "/endless" => Some(format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "x".repeat(MOST_BYTES + 1))),
        _ => None,
    })
    .await;
    let (pictures, port) = (fetcher(&["127.0.0.0/8"], "127.0.0.1"), address.port());
    for path in ["announced", "endless"] {
        assert_eq!(why(&pictures, &format!("http://127.0.0.1:{port}/{path}")).await, "it has more than 15000000 bytes");
    }
    let slow = why(&pictures, &format!("http://127.0.0.1:{port}/slow")).await;
    assert!(["it does not come within 2 seconds", "no answer in time"].contains(&slow.as_str()), "{slow}");
}
