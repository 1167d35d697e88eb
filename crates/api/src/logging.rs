//! The log: one line an event, on standard error, each with the request that it belongs to.

mod buffer;
mod json;

use std::{io, panic};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{LogFormat, LogSettings};
pub use buffer::{Flush, flush};
use json::{Lines, Members};

/// Starts the log. `RUST_LOG` wins over the configuration. Does nothing if there is a log already.
///
/// # Errors
/// If there can be no thread that writes it.
pub fn start(settings: &LogSettings) -> io::Result<Flush> {
    let configured = || EnvFilter::builder().parse_lossy(&settings.level);
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| configured());
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(buffer::line).with_span_events(FmtSpan::NONE);
    let started = match settings.format {
        LogFormat::Pretty => log.try_init(),
        LogFormat::Json => log.fmt_fields(Members).event_format(Lines).try_init(),
    };
    if started.is_ok() {
        panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    }
    buffer::start()
}
