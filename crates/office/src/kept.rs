use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use application::Error;
use domain::UtcDateTime;

/// Something that takes a while to work out, and is shown for a moment before it is worked out again.
#[derive(Debug)]
pub struct Kept<T>(Mutex<Option<(UtcDateTime, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Kept<T> {
    /// How long a kept result is used.
    const LASTS: Duration = Duration::from_secs(10);

    /// The kept result, or else that of `work`. Two requests at once may both run `work`.
    ///
    /// # Errors
    /// If it cannot be worked out. What was kept is not shown instead.
    pub(crate) async fn get(
        &self,
        now: UtcDateTime,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        // The clock may have been set back, so the time counts in both directions.
        let is_fresh = |at: UtcDateTime| (now - at).unsigned_abs() < Self::LASTS;
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, kept)) = kept.filter(|(at, _)| is_fresh(*at)) {
            return Ok(kept);
        }
        let made = Arc::new(work.await?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, made.clone()));
        Ok(made)
    }

    /// Forgets what is kept, because it has changed.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Whether a new shop had all that it needs when it was looked at last. Nothing is asked any more after that.
#[derive(Debug, Default)]
pub struct FirstStart {
    is_over: AtomicBool,
}

impl FirstStart {
    /// Whether the shop had all that it needs.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Notes that the shop has all that it needs.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn figures_are_cached_for_ten_seconds_r238() {
        let kept = Kept::default();
        let at = |seconds: u64| UtcDateTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let get = |now, value: u8| kept.get(now, async move { Ok(value) }).now_or_never().unwrap().unwrap();
        assert_eq!(*get(at(100), 1), 1);
        assert_eq!(*get(at(109), 2), 1);
        assert_eq!(*get(at(110), 3), 3);
        assert_eq!(*get(at(50), 4), 4, "the clock was set back");
        kept.forget();
        assert_eq!(*get(at(51), 5), 5);
        let failed = kept.get(at(200), async { Err(Error::NotFound("it")) }).now_or_never().unwrap();
        assert!(failed.is_err());
    }
}
