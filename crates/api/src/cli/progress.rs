use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often there is a line where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// How far something has come, on standard error: a bar on a terminal, else a line now and then.
pub(super) struct Progress {
    what: &'static str,
    bar: ProgressBar,
    told: Instant,
}

impl Progress {
    pub fn of(what: &'static str, all: u64) -> Self {
        let style = ProgressStyle::with_template("{msg:10} {wide_bar} {human_pos} of {human_len}, {eta}");
        let bar = ProgressBar::new(all).with_message(what);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { what, bar, told: Instant::now() }
    }

    /// So many more are done.
    pub fn add(&mut self, more: usize) {
        self.bar.inc(u64::try_from(more).unwrap_or(u64::MAX));
        if self.bar.is_hidden() && self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            let _ = writeln!(std::io::stderr(), "{}: {done} of {all}", self.what);
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
