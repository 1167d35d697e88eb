use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::events::PublishedEvent;
use domain::webhooks::{EndpointId, Target, Verdict};
use domain::{UtcDateTime, Uuid};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A receiver that answers every request with the same bytes, or with none and hangs.
struct Receiver {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn new(host: &str, answer: &'static str) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (counted, kept) = (connections.clone(), requests.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let kept = kept.clone();
                tokio::spawn(async move {
                    let mut request = vec![0; 8192];
                    let length = stream.read(&mut request).await.unwrap_or_default();
                    kept.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
                    let _ = stream.write_all(answer.as_bytes()).await;
                    if answer.is_empty() {
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        Self { address, connections, requests }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

/// Names with addresses that change with each question.
struct Fake {
    answers: Mutex<Vec<&'static str>>,
    port: u16,
    asked: AtomicUsize,
}

#[async_trait]
impl Lookup for Fake {
    async fn addresses(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().unwrap();
        let next = if answers.len() > 1 { answers.remove(0) } else { answers[0] };
        Ok(next.split(',').map(|address| SocketAddr::new(address.parse().unwrap(), self.port)).collect())
    }
}

fn fake(port: u16, answers: &[&'static str]) -> Arc<Fake> {
    Arc::new(Fake { answers: Mutex::new(answers.to_vec()), port, asked: AtomicUsize::new(0) })
}

fn sender(networks: &[&str], lookup: Arc<dyn Lookup>) -> HttpSender {
    let networks = Networks::new(networks.iter().map(|network| network.parse().unwrap()).collect());
    let timeout = Duration::from_millis(700);
    HttpSender::new(SenderConfig { secrets: DerivedSecrets::new(&[7; 32]), networks, timeout, lookup }).unwrap()
}

async fn send(sender: &HttpSender, url: &str) -> Answer {
    let at = UtcDateTime::UNIX_EPOCH;
    let event = PublishedEvent {
        position: 7,
        id: Uuid::from_u128(3),
        event_type: "order.placed".to_owned(),
        stream: Uuid::from_u128(5),
        data: r#"{"version":1}"#.to_owned(),
        at,
    };
    let target = Target::from_stored(url).unwrap();
    let endpoint_id = EndpointId(Uuid::from_u128(1));
    sender.send(&WebhookCall { endpoint_id, target, generations: vec![1], event, at }).await
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthank";
const LOOPBACK: [&str; 1] = ["127.0.0.1/32"];

#[tokio::test]
async fn a_webhook_is_posted_with_its_signature_r169_r171() {
    let receiver = Receiver::new("127.0.0.1", OK).await;
    let sender = sender(&LOOPBACK, Arc::new(crate::outbound::webhooks::SystemLookup));
    let answer = send(&sender, &format!("http://{}/hook?to=shop", receiver.address)).await;
    assert_eq!((answer.verdict(), answer.status, answer.error), (Verdict::Taken, Some(200), None));
    assert_eq!(answer.body.unwrap().as_str(), "thank");
    let request = receiver.requests.lock().unwrap().pop().unwrap();
    assert!(request.starts_with("POST /hook?to=shop HTTP/1.1\r\n"), "{request}");
    for part in [
        "\r\ncontent-type: application/json\r\n",
        "\r\nwebhook-id: 00000000-0000-0000-0000-000000000003\r\n",
        "\r\nwebhook-timestamp: 0\r\n",
        "\r\nwebhook-signature: v1,",
        "\"data\":{\"version\":1}}",
    ] {
        assert!(request.contains(part), "{part}: {request}");
    }
    assert!(!request.to_lowercase().contains("cookie") && !request.to_lowercase().contains("referer"), "{request}");
}

#[tokio::test]
async fn no_literal_that_is_not_public_is_connected_to_r172() {
    let receiver = Receiver::new("0.0.0.0", OK).await;
    let port = receiver.address.port();
    let sender = sender(&[], fake(port, &["127.0.0.1"]));
    for host in [
        "127.0.0.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "127.0.0.2",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::1]",
        "good.example@127.0.0.1",
        "localhost",
    ] {
        for scheme in ["https", "http"] {
            let answer = send(&sender, &format!("{scheme}://{host}:{port}/")).await;
            assert_eq!((answer.status, answer.verdict()), (None, Verdict::Failed), "{scheme}://{host}");
        }
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_name_is_connected_to_only_at_its_public_addresses_r172() {
    let receiver = Receiver::new("127.0.0.1", OK).await;
    let port = receiver.address.port();
    for addresses in ["127.0.0.1", "10.0.0.1,127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "fd00::1"] {
        let sender = sender(&[], fake(port, &[addresses]));
        let answer = send(&sender, &format!("https://rebinding.example:{port}/")).await;
        assert_eq!(answer.error.unwrap().as_str(), "it has no public address", "{addresses}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_name_that_is_bound_to_another_address_is_checked_each_time_it_is_connected_to_r172() {
    let good = Receiver::new("127.0.0.1", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").await;
    let port = good.address.port();
    let inner = TcpListener::bind(("127.0.0.2", port)).await.unwrap();
    let names = fake(port, &["127.0.0.1", "127.0.0.2"]);
    let sender = sender(&LOOPBACK, names.clone());
    let url = format!("http://rebinding.example:{port}/");
    assert_eq!(send(&sender, &url).await.status, Some(200));
    assert_eq!(names.asked.load(Ordering::Relaxed), 1, "what was checked is what is connected to");
    let second = send(&sender, &url).await;
    assert_eq!(second.error.unwrap().as_str(), "it has no public address");
    assert_eq!(good.connections(), 1);
    let waited = timeout(Duration::from_millis(100), inner.accept()).await;
    assert!(waited.is_err(), "somebody came");
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_nobody_follows_it_r170_r172() {
    let inner = Receiver::new("127.0.0.1", OK).await;
    let target: &'static str = Box::leak(
        format!("HTTP/1.1 307 Moved\r\nLocation: http://{}/\r\nContent-Length: 0\r\n\r\n", inner.address)
            .into_boxed_str(),
    );
    let receiver = Receiver::new("127.0.0.1", target).await;
    let sender = sender(&LOOPBACK, Arc::new(crate::outbound::webhooks::SystemLookup));
    let answer = send(&sender, &format!("http://{}/", receiver.address)).await;
    assert_eq!((answer.status, answer.verdict()), (Some(307), Verdict::Failed));
    assert_eq!((receiver.connections(), inner.connections()), (1, 0));
}

#[tokio::test]
async fn a_receiver_that_hangs_or_refuses_costs_no_more_than_a_try_r170() {
    let silent = Receiver::new("127.0.0.1", "").await;
    let sender = sender(&LOOPBACK, Arc::new(crate::outbound::webhooks::SystemLookup));
    let began = Instant::now();
    let answer = send(&sender, &format!("http://{}/", silent.address)).await;
    assert_eq!(answer.error.unwrap().as_str(), "no answer in time");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let answer = send(&sender, &format!("http://127.0.0.1:{port}/")).await;
    assert!(answer.error.unwrap().as_str().starts_with("cannot connect: "));
}

#[tokio::test]
async fn only_the_beginning_of_an_answer_is_read_r171() {
    let text: &'static str =
        Box::leak(format!("HTTP/1.1 503 No\r\nRetry-After: 60\r\n\r\n{}", "x".repeat(100_000)).into_boxed_str());
    let receiver = Receiver::new("127.0.0.1", text).await;
    let sender = sender(&LOOPBACK, Arc::new(crate::outbound::webhooks::SystemLookup));
    let answer = send(&sender, &format!("http://{}/", receiver.address)).await;
    assert_eq!((answer.status, answer.retry_after), (Some(503), Some(Duration::from_mins(1))));
    assert_eq!(answer.body.unwrap().as_str().len(), AttemptAnswer::MAX);
}
