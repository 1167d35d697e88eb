use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::time::Duration;

use domain::accounts::ThrottleKey;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::Error;

/// The number of gates. Accounts share them by hash; one that shares a gate only waits a little.
const GATES: usize = 1024;
/// How many attempts are let in through a gate at a time.
const AT_ONCE: usize = 4;
/// How long an attempt waits before a gate.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Gates before the check of a password. All attempts for one account come to the same gate.
pub struct Gates {
    gates: Vec<Semaphore>,
    hasher: RandomState,
}

/// The place of one attempt in a gate. Dropping it frees the place.
pub(super) struct GatePermit<'a>(#[expect(dead_code, reason = "held until it is dropped")] SemaphorePermit<'a>);

impl Default for Gates {
    fn default() -> Self {
        Self { gates: (0..GATES).map(|_| Semaphore::new(AT_ONCE)).collect(), hasher: RandomState::new() }
    }
}

impl fmt::Debug for Gates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gates(…)")
    }
}

impl Gates {
    /// Waits until the attempt may go on.
    ///
    /// # Errors
    /// [`Error::Busy`] if it takes too long.
    pub(super) async fn enter(&self, key: &ThrottleKey) -> Result<GatePermit<'_>, Error> {
        let busy = || Error::Busy { retry_after: LONGEST_WAIT };
        let number = usize::try_from(self.hasher.hash_one(key.to_string()) % GATES as u64).unwrap_or_default();
        let gate = self.gates.get(number).ok_or_else(busy)?;
        let permit = timeout(LONGEST_WAIT, gate.acquire()).await.map_err(|_| busy())?;
        permit.map(GatePermit).map_err(|_| busy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::accounts::{Network, Username};

    #[tokio::test(start_paused = true)]
    async fn a_few_attempts_for_one_account_are_let_in_at_a_time() {
        let gates = Gates::default();
        let ann = ThrottleKey::Account(Username::parse("ann").unwrap());
        let mut inside = Vec::new();
        for _ in 0..AT_ONCE {
            inside.push(gates.enter(&ann).await.unwrap());
        }
        assert!(matches!(gates.enter(&ann).await, Err(Error::Busy { .. })));
        let elsewhere = ThrottleKey::Address(Network::of("192.0.2.1".parse().unwrap()));
        gates.enter(&elsewhere).await.unwrap();
        inside.pop();
        gates.enter(&ann).await.unwrap();
    }
}
