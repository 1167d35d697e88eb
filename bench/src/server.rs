//! The measured servers: Storekeeper, and the bare server.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::database::Database;
use crate::floor::http::Fixed;
use crate::shop::SECRET;

/// The Storekeeper binary.
#[derive(Clone)]
pub struct Program(pub PathBuf);

/// A server, killed when dropped.
pub struct Server {
    /// Base URL, such as `http://127.0.0.1:49152`.
    pub address: String,
    child: Child,
    /// Time from the start of the process until it was ready.
    pub start: Duration,
}

impl Program {
    /// Builds the binary with the profile `dist`.
    pub fn build() -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built =
            Command::new(cargo).args(["build", "--profile", "dist", "--locked", "--package", "api"]).status()?;
        ensure!(built.success(), "Storekeeper cannot be built");
        // The bench itself may be built with another profile.
        let here = std::env::current_exe()?;
        let target = here.parent().and_then(Path::parent).context("no folder of what is built")?;
        Ok(Self(target.join("dist/storekeeper")))
    }

    /// The command, with the wrapper `under` if it is not empty.
    fn command(&self, under: &[&str], database: &Database, settings: &[(&str, &str)]) -> Command {
        let mut words = under.iter().map(AsRef::as_ref).chain([self.0.as_os_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .env("STOREKEEPER__DATABASE__URL", &database.url)
            .env("STOREKEEPER__SERVER__BIND", "127.0.0.1:0")
            .env("STOREKEEPER__AUTH__JWT_SECRET", SECRET)
            .env("STOREKEEPER__ADMIN__PASSWORD", "administrator-9000")
            // Enabled, but never reached.
            .env("STOREKEEPER__RATE_LIMIT__REQUESTS", "1000000000")
            .env("STOREKEEPER__RATE_LIMIT__ADMIN_REQUESTS", "1000000000")
            .env("STOREKEEPER__LOG__FORMAT", "json")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs another command of the program.
    pub fn run(&self, database: &Database, arguments: &[&str]) -> Result<()> {
        let output = self.command(&[], database, &[]).args(arguments).stderr(Stdio::piped()).output()?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "storekeeper {}: {printed}", arguments.join(" "));
        Ok(())
    }

    /// Starts the server and waits until it is ready.
    pub async fn serve(&self, database: &Database, settings: &[(&str, &str)]) -> Result<Server> {
        self.serve_under(&[], database, settings).await
    }

    /// [`Self::serve`] under a wrapper, such as valgrind.
    pub async fn serve_under(&self, under: &[&str], database: &Database, settings: &[(&str, &str)]) -> Result<Server> {
        let began = Instant::now();
        let mut child = self.command(under, database, settings).stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let address = loop {
            let line = lines.next().context("Storekeeper did not start")??;
            if let Some((_, rest)) = line.split_once("http://") {
                break format!("http://{}", rest.split('/').next().unwrap_or_default());
            }
        };
        // Keep reading, so that the pipe of standard output stays open.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Server { address, child, start: Duration::ZERO };
        server.until_answers("/health/ready").await?;
        server.start = began.elapsed();
        Ok(server)
    }
}

/// Starts the bare server.
pub async fn bare(answer: &Fixed, folder: &Path, workers: usize) -> Result<Server> {
    let file = folder.join("answer.json");
    std::fs::write(&file, serde_json::to_vec(answer)?)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["floor", "http", "--port", &port.to_string(), "--workers", &workers.to_string()]).arg(&file);
    let child = command.stdin(Stdio::null()).spawn()?;
    let server = Server { address: format!("http://127.0.0.1:{port}"), child, start: Duration::ZERO };
    server.until_answers("/").await?;
    Ok(server)
}

impl Server {
    async fn until_answers(&self, path: &str) -> Result<()> {
        let url = format!("{}{path}", self.address);
        for _ in 0..5000 {
            match reqwest::get(&url).await {
                Ok(answer) if !answer.status().is_server_error() => return Ok(()),
                _ => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
        bail!("{url} does not answer")
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a GET and returns the response.
    pub async fn get(&self, path: &str, token: &str, if_none_match: Option<&str>) -> Result<Fixed> {
        let request = reqwest::Client::new().get(format!("{}{path}", self.address)).bearer_auth(token);
        let request = match if_none_match {
            Some(etag) => request.header("If-None-Match", etag),
            None => request,
        };
        let answer = request.send().await?;
        let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            let by_framework = ["content-length", "date"].contains(&name.as_str());
            (!by_framework).then(|| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        };
        let headers = answer.headers().iter().filter_map(header).collect();
        Ok(Fixed { status: answer.status().as_u16(), headers, body: answer.text().await? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that the process has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Fixed {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}
