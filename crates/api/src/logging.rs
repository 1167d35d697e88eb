//! The log: one line an event, on standard error, each with the request that it belongs to.

mod buffer;
mod json;
mod timestamp;

use std::{env, io, panic};

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::config::{LogFormat, LogSettings};
pub use buffer::{Flush, flush};
use json::Lines;

/// Starts the log. `RUST_LOG` wins over the configuration. Does nothing if there is a log already.
///
/// # Errors
/// If there can be no thread that writes it.
pub fn start(settings: &LogSettings) -> io::Result<Flush> {
    let log = tracing_subscriber::registry().with(filter(&settings.level));
    let started = match settings.format {
        LogFormat::Pretty => log.with(tracing_subscriber::fmt::layer().with_writer(buffer::line)).try_init(),
        LogFormat::Json => log.with(Lines(buffer::line)).try_init(),
    };
    if started.is_ok() {
        panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    }
    buffer::start()
}

/// The time now, as a line of the log has it.
pub(crate) fn now() -> String {
    #[expect(clippy::disallowed_methods, reason = "an event says when it is written, and the log has no port")]
    let now = domain::UtcDateTime::now();
    String::from_utf8_lossy(&timestamp::timestamp(now)).into_owned()
}

/// What is said of TLS. Below this level rustls logs the messages of each handshake; whoever wants them names `rustls`.
const TLS: &str = "rustls=warn";

/// What is logged.
fn filter(configured: &str) -> Box<dyn Layer<Registry> + Send + Sync> {
    let is_valid = |raw: &String| EnvFilter::builder().parse(raw).is_ok();
    let wanted = env::var(EnvFilter::DEFAULT_ENV).ok().filter(is_valid).unwrap_or_else(|| configured.to_owned());
    let wanted = format!("{TLS},{wanted}");
    // The full syntax can ask for the fields of spans, so that its filter locks its tables whenever one is entered: most
    // often for nothing.
    match wanted.parse::<Targets>() {
        Ok(targets) => targets.boxed(),
        Err(_) => EnvFilter::builder().parse_lossy(wanted).boxed(),
    }
}
