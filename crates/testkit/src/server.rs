//! The server as a process.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use crate::{TestDatabase, binary};

pub const ADMIN_PASSWORD: &str = "administrator-9000";
pub const JWT_SECRET: &str = "a-secret-of-the-tests-that-is-long-enough";

/// A running `storekeeper serve`, killed when dropped.
pub struct Server {
    /// The base URL, such as `http://127.0.0.1:49152`.
    pub address: String,
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl Server {
    /// Starts a server on a free port and waits until it is ready.
    pub async fn start(database: &TestDatabase) -> Self {
        Self::start_with(database, &database.url, &[]).await
    }

    /// Starts a server with this `database.url` and further settings (environment variables).
    pub async fn start_with(database: &TestDatabase, url: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(binary());
        command
            .current_dir(database.folder())
            .env("STOREKEEPER__SERVER__BIND", "127.0.0.1:0")
            .env("STOREKEEPER__DATABASE__URL", url)
            .env("STOREKEEPER__AUTH__JWT_SECRET", JWT_SECRET)
            .env("STOREKEEPER__AUTH__BCRYPT_COST", "4")
            .env("STOREKEEPER__ADMIN__PASSWORD", ADMIN_PASSWORD)
            .env("STOREKEEPER__RATE_LIMIT__ENABLED", "false")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let printed = Arc::new(Mutex::new(String::new()));
        let (found, address) = oneshot::channel();
        follow(child.stdout.take().unwrap(), printed.clone(), Some(found));
        follow(child.stderr.take().unwrap(), printed.clone(), None);
        let Ok(address) = address.await else { panic!("the server did not start:\n{}", printed.lock().unwrap()) };
        let server = Self { address, child, printed };
        server.until_ready().await;
        server
    }

    async fn until_ready(&self) {
        let url = format!("{}/health/ready", self.address);
        for _ in 0..3000 {
            if reqwest::get(&url).await.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the server is not ready:\n{}", self.printed());
    }

    /// Kills the process (`SIGKILL`).
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends a signal by its name, such as `TERM`.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status().await.unwrap();
        assert!(status.success());
    }

    /// Waits for the process to end and returns its exit code.
    pub async fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().await.unwrap().code()
    }

    /// Everything that it has printed and logged so far.
    pub fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }
}

/// Collects what a process prints, and finds the address in it.
fn follow(
    stream: impl AsyncRead + Unpin + Send + 'static,
    printed: Arc<Mutex<String>>,
    mut found: Option<oneshot::Sender<String>>,
) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let address = line.find("http://127.0.0.1:").and_then(|at| line.get(at..)).map(|rest| {
                let scheme = "http://".len();
                let end = rest[scheme..].find(['/', ' ', '"']).map_or(rest.len(), |end| scheme + end);
                rest[..end].to_owned()
            });
            if let (Some(address), Some(found)) = (address, found.take_if(|_| line.contains("http://127.0.0.1:"))) {
                found.send(address).ok();
            }
            let mut printed = printed.lock().unwrap();
            printed.push_str(&line);
            printed.push('\n');
        }
    });
}
