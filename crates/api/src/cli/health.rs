use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::error::Failure;
use super::say;
use crate::config::Settings;

/// Time limit for connecting, for sending the request, and for each read of the answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Sends `GET /health/ready` to the server of this configuration.
///
/// # Errors
/// [`Failure::Failed`] if it does not answer in time or answers anything but 200.
pub(super) fn run(settings: &Settings) -> Result<(), Failure> {
    let address = reachable(settings.server.bind);
    let status = ask(address).map_err(|error| Failure::Failed(format!("no answer from {address}: {error}").into()))?;
    match status.split(' ').nth(1) {
        Some("200") => {
            say("ready");
            Ok(())
        }
        _ => Err(Failure::Failed(format!("not ready: {address} answers {status}").into())),
    }
}

/// The status line of the answer.
fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.lines().next().unwrap_or("nothing").to_owned())
}

/// The address to connect to: loopback if the server listens on every address.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}
