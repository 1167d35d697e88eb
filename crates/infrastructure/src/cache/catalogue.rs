use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long ago this server may have looked for changes of others and still trust what it keeps. A change is seen
/// within a second, so what looks must have begun less than a second ago.
const TRUST: Duration = Duration::from_millis(800);

/// How long an answer is kept while nobody knows what other servers do.
const ALONE: Duration = Duration::from_millis(400);

/// Which state of the products this server has heard of. What was read of an older one is not given any more.
#[derive(Debug)]
pub struct Catalogue {
    start: Instant,
    changes: AtomicU64,
    /// When the last look for changes of others began, in microseconds after `start`; 0 if there was none.
    looked: AtomicU64,
}

/// A state of the products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub changes: u64,
    /// While the changes of other servers are not known, a state is only a moment.
    moment: u64,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self { start: Instant::now(), changes: AtomicU64::new(0), looked: AtomicU64::new(0) }
    }
}

impl Catalogue {
    /// A product has changed, or may have.
    pub(crate) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// All that others had changed when `began` was now is known: `changed` was called if there was anything new.
    pub(crate) fn looked(&self, began: Instant, anything_new: bool) {
        // After a gap nobody knows what was missed in it.
        if anything_new || !self.is_followed() {
            self.changed();
        }
        self.looked.store(self.micros(began).max(1), Ordering::Release);
    }

    fn is_followed(&self) -> bool {
        let looked = self.looked.load(Ordering::Acquire);
        looked > 0 && self.micros(Instant::now()).saturating_sub(looked) < micros(TRUST)
    }

    /// The state now. To be asked for before anything is read.
    pub(super) fn state(&self) -> State {
        // In this order: the changes that a look has found are counted before it is noted.
        let followed = self.is_followed();
        let moment = if followed { 0 } else { 1 + self.micros(Instant::now()) / micros(ALONE) };
        State { changes: self.changes.load(Ordering::Acquire), moment }
    }

    fn micros(&self, at: Instant) -> u64 {
        micros(at.saturating_duration_since(self.start))
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_makes_another_state_and_a_look_that_finds_nothing_does_not_r71() {
        let catalogue = Catalogue::default();
        catalogue.looked(Instant::now(), false);
        let before = catalogue.state();
        catalogue.looked(Instant::now(), false);
        assert_eq!(catalogue.state(), before);
        catalogue.changed();
        let after = catalogue.state();
        assert_ne!(after, before);
        catalogue.looked(Instant::now(), true);
        assert_ne!(catalogue.state(), after);
    }

    #[test]
    fn a_server_that_hears_nothing_of_others_trusts_its_answers_for_less_than_a_second_r71() {
        let catalogue = Catalogue::default();
        catalogue.looked(Instant::now(), false);
        let heard = catalogue.state();
        std::thread::sleep(TRUST);
        let alone = catalogue.state();
        assert_ne!(alone, heard);
        std::thread::sleep(ALONE);
        assert_ne!(catalogue.state(), alone);
        catalogue.looked(Instant::now(), false);
        assert_ne!(catalogue.state(), heard, "something may have been missed");
    }

    #[test]
    fn a_look_that_took_too_long_is_no_reason_to_trust_r71() {
        let catalogue = Catalogue::default();
        std::thread::sleep(Duration::from_millis(10));
        let began = Instant::now();
        std::thread::sleep(TRUST);
        catalogue.looked(began, false);
        assert!(!catalogue.is_followed());
    }
}
