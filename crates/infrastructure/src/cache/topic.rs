use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long ago this server may have looked for changes of others and still trust what it keeps. A change is seen
/// within a second, so what looks must have begun less than a second ago.
const TRUST: Duration = Duration::from_millis(800);

/// How long an answer is kept while nobody knows what other servers do.
const ALONE: Duration = Duration::from_millis(400);

/// How long an answer is kept at most. Changes end it earlier. This is the last resort if the clocks of two servers
/// differ too much, or an operator changes a row by hand.
const LIFE: Duration = Duration::from_secs(20);

/// Which state of something this server has heard of. What was read of an older one is not given any more.
#[derive(Debug)]
pub struct Topic {
    start: Instant,
    changes: AtomicU64,
    /// When the last look for changes of others began, in microseconds after `start`; 0 if there was none.
    looked: AtomicU64,
}

/// A state of a topic: the part of a cache key that changes when an answer must be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub changes: u64,
    /// Whether the changes of other servers are known.
    followed: bool,
    /// The number of the period in which it lasts: of [`LIFE`] if changes are known, of [`ALONE`] if not.
    period: u64,
}

impl Default for Topic {
    fn default() -> Self {
        Self { start: Instant::now(), changes: AtomicU64::new(0), looked: AtomicU64::new(0) }
    }
}

impl Topic {
    /// Notes that the data of the topic has changed, or may have changed.
    pub(crate) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// Notes that this server has looked for changes of other servers. It began to look at `began`; `anything_new` says
    /// whether it found any.
    pub(crate) fn looked(&self, began: Instant, anything_new: bool) {
        // After a gap nobody knows what was missed in it.
        if anything_new || !self.is_followed(self.micros(Instant::now())) {
            self.changed();
        }
        self.looked.store(self.micros(began).max(1), Ordering::Release);
    }

    /// Whether the changes of other servers are known.
    pub(crate) fn is_trusted(&self) -> bool {
        self.is_followed(self.micros(Instant::now()))
    }

    fn is_followed(&self, now: u64) -> bool {
        let looked = self.looked.load(Ordering::Acquire);
        looked > 0 && now.saturating_sub(looked) < micros(TRUST)
    }

    /// The current state. Ask for it before anything is read: then an answer that is older than a change has an older
    /// state.
    pub(super) fn state(&self) -> State {
        let now = self.micros(Instant::now());
        // In this order: the changes that a look has found are counted before it is noted.
        let followed = self.is_followed(now);
        let period = now / micros(if followed { LIFE } else { ALONE });
        State { changes: self.changes.load(Ordering::Acquire), followed, period }
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
        let topic = Topic::default();
        topic.looked(Instant::now(), false);
        let before = topic.state();
        topic.looked(Instant::now(), false);
        assert_eq!(topic.state(), before);
        topic.changed();
        let after = topic.state();
        assert_ne!(after, before);
        topic.looked(Instant::now(), true);
        assert_ne!(topic.state(), after);
    }

    #[test]
    fn without_news_of_other_servers_answers_expire_in_less_than_a_second_r71() {
        let topic = Topic::default();
        topic.looked(Instant::now(), false);
        let heard = topic.state();
        std::thread::sleep(TRUST);
        let alone = topic.state();
        assert_ne!(alone, heard);
        std::thread::sleep(ALONE);
        assert_ne!(topic.state(), alone);
        topic.looked(Instant::now(), false);
        assert_ne!(topic.state(), heard, "something may have been missed");
    }

    #[test]
    fn a_look_that_took_too_long_is_no_reason_to_trust_r71() {
        let topic = Topic::default();
        std::thread::sleep(Duration::from_millis(10));
        let began = Instant::now();
        std::thread::sleep(TRUST);
        topic.looked(began, false);
        assert!(!topic.is_followed(topic.micros(Instant::now())));
    }
}
