//! The HTTP server.

use std::io;
use std::iter;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{Extensions, HttpService, KeepAlive, Protocol, Request};
use actix_server::GracefulShutdownSignal;
use actix_service::{ServiceFactory, ServiceFactoryExt, fn_service};
use actix_web::rt::net::TcpStream;
#[cfg(target_os = "linux")]
use socket2::SockRef;

use crate::config::{OfficeSettings, ServerSettings};
use crate::connection::Connection;
use crate::context::{Peer, State};
use crate::middleware::handle;
use crate::upkeep::upkeep;

/// How long a client may take to send the head of a request.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the rest of a request is read after an early response, so that the client can read the response.
const LINGER: Duration = Duration::from_secs(5);

/// Files that are open besides connections of clients: the database, the log, the listener, and some to spare.
const OTHER_FILES: u64 = 128;
/// The most connections of a worker.
const MAX_CONNECTIONS: u64 = 25_000;

/// How a server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Reports not ready first, so that a load balancer has time to send requests elsewhere.
    Drain,
    /// Finishes running requests and stops.
    Now,
}

/// A server that has bound its address and does not answer yet.
pub struct Server {
    address: SocketAddr,
    office: Option<SocketAddr>,
    running: actix_web::dev::Server,
    state: Arc<State>,
    drain: Duration,
}

impl Server {
    /// Binds the address, and that of the office if it has one of its own. Port 0 takes any free port.
    ///
    /// # Errors
    /// If an address cannot be bound; the text names it.
    pub fn bind(state: Arc<State>, settings: &ServerSettings, office: OfficeSettings) -> io::Result<Self> {
        let listen = |address| listen(address, settings.send_timeout);
        let listener = listen(settings.bind)?;
        let address = listener.local_addr()?;
        let own = office.own_address().map(listen).transpose()?;
        let own_address = own.as_ref().map(TcpListener::local_addr).transpose()?;
        let mut builder = actix_server::Server::build()
            .workers(settings.workers)
            .max_concurrent_connections(max_connections(open_files()?, settings.workers))
            .shutdown_timeout(settings.shutdown_timeout.as_secs())
            .disable_signals();
        for (listener, has_office) in iter::once((listener, own.is_none())).chain(own.map(|own| (own, true))) {
            let (state, stopping) = (state.clone(), builder.graceful_shutdown_signal());
            let at = listener.local_addr()?;
            builder = builder.listen("http", listener, move || service(&state, at, has_office, &stopping))?;
        }
        let office = office.enabled.then(|| own_address.unwrap_or(address));
        Ok(Self { address, office, running: builder.run(), state, drain: settings.drain })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address at which it serves the office; `None` if the office is off.
    pub fn office(&self) -> Option<SocketAddr> {
        self.office
    }

    /// Answers requests until `stop`, then finishes those that run.
    ///
    /// # Errors
    /// If the server fails.
    pub async fn run(self, stop: impl Future<Output = Stop>) -> io::Result<()> {
        let Self { mut running, state, drain, .. } = self;
        let handle = running.handle();
        let stopped = async {
            let how = stop.await;
            state.lifecycle.set_draining();
            if how == Stop::Drain {
                tokio::time::sleep(drain).await;
            }
            handle.stop(true).await;
        };
        tokio::select! {
            result = &mut running => return result,
            never = upkeep(&state) => match never {},
            () = stopped => {}
        }
        running.await
    }
}

/// What serves a connection: [`Connection`] around the socket, actix-http, and [`handle`] for each request. The `App` of
/// actix-web would find routes and keep data of requests; our route table and context do both. `has_office`:
/// whether pages of the office are served at this address.
fn service(
    state: &Arc<State>,
    address: SocketAddr,
    has_office: bool,
    stopping: &GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<> {
    let (state, stopping) = (state.clone(), stopping.clone());
    // Boxed: actix keeps the future among the state of its connection, idle or not.
    let answer = fn_service(move |request: Request| Box::pin(handle(request, state.clone(), has_office)));
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .client_request_timeout(HEAD_DEADLINE)
        .client_disconnect_timeout(LINGER)
        .local_addr(address)
        .on_connect_ext(keep_peer)
        .finish(answer);
    let connection = |socket: TcpStream| async move {
        let connection = Connection::new(socket);
        let peer = connection.peer();
        Ok((connection, Protocol::Http1, peer))
    };
    fn_service(connection).and_then(http)
}

/// Keeps the address of the other end for all requests of a connection.
fn keep_peer(connection: &Connection, kept: &mut Extensions) {
    if let Some(peer) = connection.peer() {
        kept.insert(Peer::new(peer.ip()));
    }
}

/// Listens on an address. A connection is closed whose client accepts nothing for as long as `limit`, or it would keep its
/// response in memory for ever; accepted connections inherit the option from the listener.
fn listen(address: SocketAddr, limit: Duration) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))?;
    #[cfg(target_os = "linux")]
    SockRef::from(&listener).set_tcp_user_timeout(Some(limit))?;
    Ok(listener)
}

/// Raises the limit of open files to what the system allows, and returns it.
fn open_files() -> io::Result<u64> {
    rlimit::increase_nofile_limit(u64::MAX)
}

/// The most connections of each worker, so that files are left for everything else. Further clients wait.
fn max_connections(open_files: u64, workers: usize) -> usize {
    let workers = u64::try_from(workers).unwrap_or(u64::MAX).max(1);
    let connections = open_files.saturating_sub(OTHER_FILES).max(open_files / 2) / workers;
    usize::try_from(connections.clamp(1, MAX_CONNECTIONS)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_database() {
        assert_eq!(max_connections(1024, 4), 224);
        assert_eq!(max_connections(100, 4), 12);
        assert_eq!(max_connections(3, 4), 1);
        assert_eq!(max_connections(1_048_576, 4), 25_000);
    }
}
