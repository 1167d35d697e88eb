use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use infrastructure::db::Heartbeat;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::announce::{Event, announce};
use super::demo::{self, Serve};
use super::error::Failure;
use crate::config::{Effective, Settings};
use crate::logging;
use crate::server::{Server, Stop};
use crate::wiring::{self, StartError, Wired};

/// Pause between attempts to reach a database that is not available.
const RETRY_INTERVAL: Duration = Duration::from_secs(2);

/// Serves until a stop signal.
///
/// # Errors
/// If the address cannot be bound, or the database cannot be prepared and waiting does not help.
pub(super) async fn run(asked: &Serve, mut effective: Effective) -> Result<(), Failure> {
    if asked.demo {
        demo::prepare(asked, &mut effective.settings).await?;
    }
    serve(&effective).await
}

async fn serve(effective: &Effective) -> Result<(), Failure> {
    let (began, settings) = (Instant::now(), &effective.settings);
    let format = settings.log.format;
    let shown = wiring::database_url(settings)?.to_string();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), database = shown, "starting");
    let wired = Arc::new(wiring::wire(settings).await?);
    let server = Server::bind(wired.state.clone(), &settings.server, settings.office)
        .map_err(|error| Failure::Failed(error.into()))?;
    let mut stop = pin!(stop_signal()?);
    let alive = wired.database.heartbeat(&server.address().to_string());
    let prepared = tokio::select! {
        prepared = prepare(&wired, settings, &alive) => prepared,
        _ = &mut stop => return Ok(()),
    };
    match prepared {
        Err(error) if error.is_passing() => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database is not available; waiting for it");
            announce(format, &Event::Waiting(&error));
            tokio::spawn(prepare_later(wired.clone(), settings.clone(), alive.clone()));
        }
        result => result?,
    }
    let housekeeping = tokio::spawn(wired.housekeeper.clone().run());
    let (address, office) = (server.address(), server.office());
    let product = wired.database.product().await.ok();
    announce(format, &Event::Started { address, office, database: &shown, product: product.as_ref(), effective });
    server.run(stop).await?;
    housekeeping.abort();
    // A database that does not answer must not keep the process.
    let closed = async {
        if let Err(error) = alive.end().await {
            tracing::debug!(%error, "the heartbeat could not be deleted; it expires");
        }
        wired.database.close().await;
    };
    if timeout(settings.server.shutdown_timeout, closed).await.is_err() {
        tracing::warn!("the database did not answer; its connections were not closed in order");
    }
    announce(format, &Event::Stopped { ran: began.elapsed() });
    Ok(())
}

/// Migrates the database and creates the first administrator. Prints the password if it was generated.
async fn prepare(wired: &Wired, settings: &Settings, alive: &Heartbeat) -> Result<(), StartError> {
    if let Some(made) = wired.prepare(&settings.admin, alive).await? {
        announce(settings.log.format, &Event::FirstAdmin(&made));
    }
    Ok(())
}

/// Retries [`prepare`] until it succeeds.
async fn prepare_later(wired: Arc<Wired>, settings: Settings, alive: Heartbeat) {
    loop {
        tokio::time::sleep(RETRY_INTERVAL).await;
        match prepare(&wired, &settings, &alive).await {
            Ok(()) => {
                tracing::info!("the database is available and prepared");
                return;
            }
            Err(error) if error.is_passing() => {
                tracing::debug!(error = &error as &dyn std::error::Error, "the database is still not available");
            }
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "cannot prepare the database"),
        }
    }
}

/// Resolves at the first stop signal. A second one ends the process at once with exit code 130.
fn stop_signal() -> Result<impl Future<Output = Stop>, Failure> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (first, stop) = oneshot::channel();
    tokio::spawn(async move {
        let how = tokio::select! {
            _ = terminate.recv() => Stop::Drain,
            _ = interrupt.recv() => Stop::Now,
        };
        tracing::info!("stopping");
        // The receiver is gone if the server has already ended.
        first.send(how).ok();
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::warn!("second signal: ending at once");
        logging::flush();
        std::process::exit(130);
    });
    Ok(async { stop.await.unwrap_or(Stop::Now) })
}
