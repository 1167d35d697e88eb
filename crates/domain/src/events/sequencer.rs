use std::time::Duration;

use crate::{UtcDateTime, Uuid};

/// How long a server goes on giving positions alone after it has given some. If it dies, events wait that long.
pub const SEQUENCER_LEASE: Duration = Duration::from_secs(1);

/// Where the numbering of events is, and which server does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequencer {
    /// The next position.
    pub next: i64,
    /// The server that gave the last one; `None` if none ever did.
    pub holder: Option<Uuid>,
    /// Until when only that server gives further ones.
    pub until: UtcDateTime,
}

impl Sequencer {
    /// Whether a server may give positions now. It is a matter of economy: whatever a server believes, no position is
    /// given twice.
    pub fn is_free_for(&self, server: Uuid, now: UtcDateTime) -> bool {
        // A lease that ends later than two of its length was taken before the clock was set back.
        self.holder.is_none_or(|holder| holder == server) || self.until <= now || self.until > now + 2 * SEQUENCER_LEASE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_gives_positions_until_its_lease_is_over_r166() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let now = UtcDateTime::UNIX_EPOCH;
        let held = Sequencer { next: 7, holder: Some(one), until: now + SEQUENCER_LEASE };
        assert!(held.is_free_for(one, now) && !held.is_free_for(other, now));
        assert!(held.is_free_for(other, now + SEQUENCER_LEASE));
        assert!(Sequencer { holder: None, ..held }.is_free_for(other, now));
        let set_back = Sequencer { until: now + Duration::from_hours(1), ..held };
        assert!(set_back.is_free_for(other, now));
    }
}
