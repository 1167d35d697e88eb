//! Password hashes: bcrypt, which is slow on purpose.

use std::num::NonZeroUsize;
use std::sync::Arc;
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
    /// A hash that no password matches. Verifying it takes as long as verifying a real one.
    nobody: PasswordHash,
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
            // Salt and hash are all zero, which takes no time to work out, and as much as any to compare with.
            nobody: PasswordHash::new(format!("$2b${:02}${}", config.cost, ".".repeat(53))),
        })
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
        let hash = hash.unwrap_or(&self.nobody).clone();
        let right = self.run(move || bcrypt::verify(password.reveal(), hash.reveal())).await?;
        Ok(right && possible)
    }
}

/// Whether bcrypt minds every byte of a password: it stops after 72 and, in other programs, at a NUL. Its functions
/// that do not cut refuse 72 bytes too, since the NUL that they add at the end is the 73rd; a password may have 72.
fn hashable(password: &Password) -> bool {
    password.reveal().len() <= Password::MAX && !password.reveal().contains('\0')
}

#[cfg(test)]
mod tests;
