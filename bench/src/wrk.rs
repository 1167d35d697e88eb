//! The load generator `wrk`.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// Encoded HTTP requests.
#[derive(Default)]
pub struct Requests {
    bytes: Vec<u8>,
}

/// A request with a token.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub token: &'a str,
    /// Further headers, each with its line break.
    pub headers: &'a str,
    pub body: &'a str,
}

impl Requests {
    pub fn push(&mut self, request: &Request<'_>) {
        let Request { method, path, token, headers, body } = request;
        let content = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n{headers}{content}\r\n{body}"
        );
        self.bytes.extend(format!("{}\n{text}", text.len()).bytes());
    }

    /// One GET, sent repeatedly.
    pub fn get(path: &str, token: &str, headers: &str) -> Self {
        let mut requests = Self::default();
        requests.push(&Request { method: "GET", path, token, headers, body: "" });
        requests
    }
}

/// The load on a server.
#[derive(Clone, Copy)]
pub struct Pressure {
    pub connections: u32,
    pub seconds: u32,
    /// Whether each request is sent only once. There must be enough requests for the round then.
    pub once: bool,
}

/// The result of a round.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Answered {
    pub requests: u64,
    microseconds: u64,
    p50: u64,
    p99: u64,
    refused: u64,
    broken: u64,
}

impl Answered {
    #[allow(clippy::cast_precision_loss, reason = "shown with three digits")]
    pub fn per_second(&self) -> f64 {
        self.requests as f64 * 1e6 / self.microseconds as f64
    }

    /// Median latency in milliseconds.
    pub fn p50(&self) -> f64 {
        millis(self.p50)
    }

    /// 99th percentile of the latency in milliseconds.
    pub fn p99(&self) -> f64 {
        millis(self.p99)
    }
}

#[allow(clippy::cast_precision_loss, reason = "shown with three digits")]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1e3
}

/// Sends requests to the server at `address`.
///
/// # Errors
/// If `wrk` fails, or any request fails.
pub fn run(address: &str, requests: &Requests, pressure: Pressure) -> Result<Answered> {
    let Pressure { connections, seconds, once } = pressure;
    let mut files = [tempfile::NamedTempFile::new()?, tempfile::NamedTempFile::new()?];
    let [script, list] = &mut files;
    script.write_all(include_bytes!("load.lua"))?;
    list.write_all(&requests.bytes)?;
    // One thread if the order matters, else up to two, but not more than connections.
    let threads = if once { 1 } else { connections.min(2) };
    let output = Command::new("wrk")
        .args(["-t", &threads.to_string(), "-c", &connections.to_string(), "-d", &format!("{seconds}s")])
        .args(["--timeout", "10s", "-s"])
        .arg(script.path())
        .args([address, "--"])
        .arg(list.path())
        .args([threads.to_string().as_str(), if once { "once" } else { "cycle" }])
        .stderr(Stdio::inherit())
        .output()
        .context("wrk cannot be started; it is Debian's package wrk")?;
    ensure!(output.status.success(), "wrk failed: {}", String::from_utf8_lossy(&output.stdout));
    let printed = String::from_utf8(output.stdout)?;
    let line = printed.lines().find(|line| line.starts_with('{')).context("wrk printed no summary")?;
    let answered: Answered = serde_json::from_str(line)?;
    if answered.refused + answered.broken > 0 || answered.requests == 0 {
        bail!("of {} requests {} were refused and {} broke", answered.requests, answered.refused, answered.broken);
    }
    Ok(answered)
}

/// The version of wrk.
pub fn version() -> Result<String> {
    let output = Command::new("wrk").arg("--version").output().context("wrk cannot be started")?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(printed.split(" [").next().unwrap_or_default().trim().to_owned())
}
