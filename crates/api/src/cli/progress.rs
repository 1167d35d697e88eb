use indicatif::{ProgressBar, ProgressStyle};

/// How far something has come: a bar on standard error, if that is a terminal.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub fn of(what: &'static str, all: u64) -> Self {
        let style = ProgressStyle::with_template("{msg:10} {wide_bar} {human_pos} of {human_len}, {eta}");
        let bar = ProgressBar::new(all).with_message(what);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    /// So many more are done.
    pub fn add(&self, more: usize) {
        self.0.inc(u64::try_from(more).unwrap_or(u64::MAX));
    }

    /// So many are done in all.
    pub fn reach(&self, done: u64) {
        self.0.set_position(done);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
