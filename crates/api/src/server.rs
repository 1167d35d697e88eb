//! The HTTP server.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive, Protocol, Request};
use actix_server::GracefulShutdownSignal;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use actix_web::{App, Error};

use crate::config::ServerSettings;
use crate::connection::Connection;
use crate::context::State;
use crate::middleware::handle;
use crate::upkeep::upkeep;

/// How long a client may take to send the head of a request.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long what a client still sends is read, after it was answered early, so that it gets to see the answer.
const LINGER: Duration = Duration::from_secs(5);

/// How a server is told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Say so first, and give others time to send their requests elsewhere.
    Drain,
    /// Only finish what runs.
    Now,
}

/// A server that listens, and does not answer yet.
pub struct Server {
    address: SocketAddr,
    running: actix_web::dev::Server,
    state: Arc<State>,
    drain: Duration,
}

impl Server {
    /// Binds the address; port 0 is any that is free.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub fn bind(state: Arc<State>, settings: &ServerSettings) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.bind)?;
        let address = listener.local_addr()?;
        let builder = actix_server::Server::build();
        let (served, stopping) = (state.clone(), builder.graceful_shutdown_signal());
        let running = builder
            .workers(settings.workers)
            .shutdown_timeout(settings.shutdown_timeout.as_secs())
            .disable_signals()
            .listen("http", listener, move || service(&served, address, &stopping))?
            .run();
        Ok(Self { address, running, state, drain: settings.drain })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`, then finishes what runs.
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

/// What serves a connection, as `HttpServer` of actix-web puts it together, with [`Connection`] around the socket.
fn service(
    state: &Arc<State>,
    address: SocketAddr,
    stopping: &GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<> {
    let (state, stopping) = (state.clone(), stopping.clone());
    // actix is given no route, so that everything comes here.
    let app = App::new().default_service(fn_service(move |request| handle(request, state.clone())));
    let app = IntoServiceFactory::<_, Request>::into_factory(app).map_err(|error: Error| error.error_response());
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .client_request_timeout(HEAD_DEADLINE)
        .client_disconnect_timeout(LINGER)
        .local_addr(address)
        .finish(map_config(app, |()| AppConfig::default()));
    let connection = |socket: TcpStream| async move {
        let connection = Connection::new(socket);
        let peer = connection.peer();
        Ok((connection, Protocol::Http1, peer))
    };
    fn_service(connection).and_then(http)
}
