use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar on standard error; hidden if that is not a terminal.
#[derive(Clone)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub fn of(what: &'static str, all: u64) -> Self {
        let style = ProgressStyle::with_template("{msg:10} {wide_bar} {human_pos} of {human_len}, {eta}");
        let bar = ProgressBar::new(all).with_message(what);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    /// Adds to the position.
    pub fn add(&self, more: usize) {
        self.0.inc(u64::try_from(more).unwrap_or(u64::MAX));
    }

    /// Sets the position.
    pub fn reach(&self, done: u64) {
        self.0.set_position(done);
    }

    /// Sets the position and the length.
    pub fn reach_of(&self, done: u64, all: u64) {
        self.0.set_length(all);
        self.reach(done);
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
