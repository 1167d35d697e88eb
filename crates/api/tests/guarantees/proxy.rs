//! A way to take a database away: what goes to it goes through here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Forwards connections to a server, or breaks them.
pub struct Proxy {
    /// Where it listens, as `host:port`.
    pub address: String,
    open: Arc<AtomicBool>,
    hung: Arc<AtomicBool>,
    connections: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Proxy {
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (open, connections) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(Vec::new())));
        let hung = Arc::new(AtomicBool::new(false));
        let proxy = Self { address, open: open.clone(), hung: hung.clone(), connections: connections.clone() };
        let target = target.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !open.load(Ordering::SeqCst) {
                    continue;
                }
                let (target, hung) = (target.clone(), hung.clone());
                let forward = async move {
                    if let Ok(server) = TcpStream::connect(target).await {
                        let ((from_client, to_client), (from_server, to_server)) =
                            (client.into_split(), server.into_split());
                        tokio::select! {
                            () = forward(from_client, to_server, &hung) => {}
                            () = forward(from_server, to_client, &hung) => {}
                        }
                    }
                };
                connections.lock().unwrap().push(tokio::spawn(forward));
            }
        });
        proxy
    }

    /// Breaks every connection and lets no new one through.
    pub fn cut(&self) {
        self.open.store(false, Ordering::SeqCst);
        for connection in self.connections.lock().unwrap().drain(..) {
            connection.abort();
        }
    }

    /// Keeps every connection and lets nothing through.
    pub fn hang(&self) {
        self.hung.store(true, Ordering::SeqCst);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.open.store(true, Ordering::SeqCst);
        self.hung.store(false, Ordering::SeqCst);
    }
}

async fn forward(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, hung: &AtomicBool) {
    let mut bytes = [0; 16384];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        while hung.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(10)).await;
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
