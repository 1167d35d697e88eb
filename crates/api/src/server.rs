//! The HTTP server.

use std::io;
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

use crate::config::ServerSettings;
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
    running: actix_web::dev::Server,
    state: Arc<State>,
    drain: Duration,
}

impl Server {
    /// Binds the address. Port 0 takes any free port.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub fn bind(state: Arc<State>, settings: &ServerSettings) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.bind)?;
        let address = listener.local_addr()?;
        limit_sending(&listener, settings.send_timeout)?;
        let builder = actix_server::Server::build();
        let (served, stopping) = (state.clone(), builder.graceful_shutdown_signal());
        let running = builder
            .workers(settings.workers)
            .max_concurrent_connections(max_connections(open_files()?, settings.workers))
            .shutdown_timeout(settings.shutdown_timeout.as_secs())
            .disable_signals()
            .listen("http", listener, move || service(&served, address, &stopping))?
            .run();
        Ok(Self { address, running, state, drain: settings.drain })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
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
/// actix-web would find routes and keep data of requests; our route table and context do both.
fn service(
    state: &Arc<State>,
    address: SocketAddr,
    stopping: &GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<> {
    let (state, stopping) = (state.clone(), stopping.clone());
    // Boxed: actix keeps the future among the state of its connection, idle or not.
    let answer = fn_service(move |request: Request| Box::pin(handle(request, state.clone())));
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

/// Closes a connection whose client accepts nothing for this long, or it would keep its response in memory for ever.
/// Accepted connections inherit the option from the listener.
fn limit_sending(listener: &TcpListener, limit: Duration) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    SockRef::from(listener).set_tcp_user_timeout(Some(limit))?;
    Ok(())
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
