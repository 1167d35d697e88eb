//! Password hashes: bcrypt, which is slow on purpose.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use application::Error;
use application::accounts::PasswordHasher;
use async_trait::async_trait;
use domain::accounts::{Password, PasswordHash};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// The costs that bcrypt has.
const MIN_COST: u32 = 4;
const MAX_COST: u32 = 31;
/// The highest that the configuration allows.
const MAX_CONFIGURED_COST: u32 = 16;

/// How hard hashing is, and how much of it there may be at a time.
#[derive(Debug, Clone, Copy)]
pub struct BcryptConfig {
    /// The cost: each step more takes twice the time.
    pub cost: u32,
    /// How many hashes are worked on at once.
    pub at_once: NonZeroUsize,
    /// How many more may wait.
    pub waiting: usize,
    /// How long each of them waits.
    pub timeout_after: Duration,
}

impl BcryptConfig {
    /// As many at once as there are cores, with room for a few seconds' worth of waiting.
    pub fn new(cost: u32) -> Self {
        let at_once = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { cost, at_once, waiting: 64, timeout_after: Duration::from_secs(5) }
    }
}

/// Why there can be no hasher.
#[derive(Debug, thiserror::Error)]
#[error("bcrypt refused: {0}")]
pub struct HasherError(#[source] bcrypt::BcryptError);

/// Hashes with bcrypt, on threads for blocking work.
pub struct BcryptHasher {
    config: BcryptConfig,
    /// A permit for each that works or waits.
    places: Semaphore,
    /// A permit for each that works.
    permits: Arc<Semaphore>,
    /// The highest cost of a hash that is known to be in use.
    highest: AtomicU32,
}

impl std::fmt::Debug for BcryptHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BcryptHasher({:?})", self.config)
    }
}

impl BcryptHasher {
    /// A hasher.
    ///
    /// # Errors
    /// If the cost is not one that bcrypt has.
    pub fn new(config: BcryptConfig) -> Result<Self, HasherError> {
        if !(MIN_COST..=MAX_COST).contains(&config.cost) {
            return Err(HasherError(bcrypt::BcryptError::CostNotAllowed(config.cost)));
        }
        let at_once = config.at_once.get();
        Ok(Self {
            config,
            places: Semaphore::new(at_once.saturating_add(config.waiting)),
            permits: Arc::new(Semaphore::new(at_once)),
            highest: AtomicU32::new(config.cost),
        })
    }

    /// Says that there are hashes of this cost, so that a check takes as much work as one of theirs. Costs that no
    /// configuration allows do not count: they would make every login slow.
    pub fn expect_cost(&self, cost: u32) {
        if cost <= MAX_CONFIGURED_COST {
            self.highest.fetch_max(cost, Ordering::Relaxed);
        }
    }

    /// Runs `work` on another thread once there is a permit. The permit ends with the work, not with the caller, who may
    /// have gone away: the core is busy all the same.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, bcrypt::BcryptError> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.place()?;
        let permit = Arc::clone(&self.permits).acquire_owned();
        let permit = timeout(self.config.timeout_after, permit).await.map_err(|_| self.busy())?.map_err(internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(internal)?.map_err(internal)
    }

    fn place(&self) -> Result<SemaphorePermit<'_>, Error> {
        self.places.try_acquire().map_err(|_| self.busy())
    }

    fn busy(&self) -> Error {
        Error::Busy { retry_after: self.config.timeout_after }
    }
}

fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Internal(error.into())
}

#[async_trait]
impl PasswordHasher for BcryptHasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Error> {
        if !hashable(password) {
            return Err(internal("a password with NUL or more than 72 bytes cannot be hashed"));
        }
        let (password, cost) = (password.clone(), self.config.cost);
        self.run(move || bcrypt::hash(password.reveal(), cost)).await.map(PasswordHash::new)
    }

    async fn verify<'a>(&self, password: &Password, hash: Option<&'a PasswordHash>) -> Result<bool, Error> {
        // A password that no account can have, and an account that is not there, cost as much as any others.
        let possible = hashable(password) && hash.is_some();
        let password = if hashable(password) { password.clone() } else { Password::claimed("nobody's".into()) };
        if let Some(cost) = hash.and_then(cost_of) {
            self.expect_cost(cost);
        }
        let highest = self.highest.load(Ordering::Relaxed);
        let cost = hash.and_then(cost_of).unwrap_or(highest);
        let hash = hash.cloned().unwrap_or_else(|| nobody(highest));
        let right = self.run(move || {
            let right = bcrypt::verify(password.reveal(), hash.reveal())?;
            // The work doubles with each step. So a step of each cost up to the highest, and the check itself, are
            // together as much as a check of the highest cost.
            for cost in cost..highest {
                bcrypt::verify(password.reveal(), nobody(cost).reveal())?;
            }
            Ok(right)
        });
        Ok(right.await? && possible)
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        cost_of(hash).is_some_and(|cost| cost != self.config.cost)
    }
}

/// A hash that no password matches, for accounts that do not exist. Salt and digest are zeros, so it costs nothing to
/// make. To verify it takes as long as to verify a real one.
fn nobody(cost: u32) -> PasswordHash {
    PasswordHash::new(format!("$2b${cost:02}${}", ".".repeat(53)))
}

/// The cost in a hash: `$2b$12$…`.
fn cost_of(hash: &PasswordHash) -> Option<u32> {
    hash.reveal().split('$').nth(2)?.parse().ok()
}

/// Whether bcrypt minds every byte of a password: it stops after 72 and, in other programs, at a NUL. Its functions
/// that do not cut refuse 72 bytes too, since the NUL that they add at the end is the 73rd; a password may have 72.
fn hashable(password: &Password) -> bool {
    password.reveal().len() <= Password::MAX && !password.reveal().contains('\0')
}

#[cfg(test)]
mod tests;
