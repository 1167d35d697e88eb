//! Clients that send requests and never read the responses.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use testkit::{Server, TestDatabase};

/// How much a client asks for: more than the buffers of both sides hold.
const REQUESTS: usize = 40;

#[tokio::test]
async fn a_client_that_reads_nothing_is_disconnected() {
    let database = TestDatabase::sqlite();
    let settings = [("STOREKEEPER__SERVER__SEND_TIMEOUT", "1s")];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let address = server.address.trim_start_matches("http://").to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let mut client = TcpStream::connect(&address).unwrap();
        let request = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: shop\r\n\r\n";
        client.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
        for _ in 0..REQUESTS {
            client.write_all(request.as_bytes()).ok();
        }
        std::thread::sleep(Duration::from_secs(8));
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (began, mut length, mut bytes) = (Instant::now(), 0, vec![0; 1 << 20]);
        loop {
            match client.read(&mut bytes) {
                Ok(0) => return Ok(length),
                Ok(read) => length += read,
                Err(error) => return Err((error.kind(), began.elapsed())),
            }
        }
    });
    match read.await.unwrap() {
        Ok(length) => assert!(length < REQUESTS * 1_000_000, "the connection was kept: {length} bytes"),
        Err((kind, after)) => assert_eq!(kind, ErrorKind::ConnectionReset, "after {after:?}"),
    }
}
