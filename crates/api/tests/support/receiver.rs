//! A receiver of webhooks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use standardwebhooks::Webhook;
use testkit::documented;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The settings of a shop that may reach it.
pub const SETTINGS: [(&str, &str); 2] = [
    ("STOREKEEPER__WEBHOOKS__ALLOW_NETWORKS", "127.0.0.0/8"),
    ("STOREKEEPER__SECRETS__KEY", "a-key-of-the-tests-that-is-long-enough"),
];

/// What a receiver does with a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Answers with this status.
    Answers(u16),
    /// Answers never.
    Hangs,
}

/// A webhook as it came.
#[derive(Debug, Clone)]
pub struct Came {
    pub headers: HeaderMap,
    pub body: String,
}

impl Came {
    /// The event.
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The id of the event, as the headers and the body have it.
    pub fn id(&self) -> String {
        let id = self.headers["webhook-id"].to_str().unwrap().to_owned();
        assert_eq!(self.event()["id"], id.as_str());
        id
    }

    /// Whether an independent implementation takes its signature.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        Webhook::new(secret).unwrap().verify(self.body.as_bytes(), &self.headers).is_ok()
    }
}

/// A server that keeps what it is sent.
pub struct Receiver {
    pub url: String,
    manner: Arc<Mutex<Manner>>,
    came: Arc<Mutex<Vec<Came>>>,
}

impl Receiver {
    pub async fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = Self { url, manner: Arc::new(Mutex::new(manner)), came: Arc::default() };
        let (manner, came) = (receiver.manner.clone(), receiver.came.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manner.clone(), came.clone()));
            }
        });
        receiver
    }

    pub fn changes_to(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What came so far.
    pub fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    /// The ids of events of a type that came, each as often as it came.
    pub fn ids(&self, event_type: &str) -> Vec<String> {
        self.came().iter().filter(|came| came.event()["type"] == event_type).map(Came::id).collect()
    }

    /// The id of the event of a type that happened to this; `None` if it has not come.
    pub fn id_of(&self, event_type: &str, stream: &str) -> Option<String> {
        let is_it = |event: &Value| event["type"] == event_type && event["stream"] == stream;
        self.came().iter().find(|came| is_it(&came.event())).map(Came::id)
    }
}

async fn serve(mut stream: TcpStream, manner: Arc<Mutex<Manner>>, came: Arc<Mutex<Vec<Came>>>) {
    while let Some(one) = read(&mut stream).await {
        documented::check_event(&one.event());
        came.lock().unwrap().push(one);
        let manner = *manner.lock().unwrap();
        let Manner::Answers(status) = manner else {
            tokio::time::sleep(Duration::from_hours(1)).await;
            return;
        };
        let answer =
            format!("HTTP/1.1 {status} Answer\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 4\r\n\r\nhmm.");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next request of a connection.
async fn read(stream: &mut TcpStream) -> Option<Came> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let headers: HeaderMap = head.lines().skip(1).filter_map(header).collect();
            let length: usize = headers["content-length"].to_str().unwrap().parse().unwrap();
            if body.len() >= length {
                return Some(Came { headers, body: body[..length].to_owned() });
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => bytes.extend_from_slice(&chunk[..length]),
        }
    }
}

fn header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(": ")?;
    Some((name.parse().ok()?, value.parse().ok()?))
}
