use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use domain::UtcDateTime;
use domain::media::MediaId;

use super::Pictures;
use super::pictures::picture_of;
use crate::{Command, Ctx, Error, TaskStep, Tx};

/// How long the files of a deleted picture stay, so that who still has its address can show it. Also how old an upload
/// without a picture must be, so that it is none that is still under way.
const AGE: Duration = Duration::from_hours(24);

/// The most files that a step removes.
const REMOVED: usize = 100;

/// Forgets which pictures were deleted, once none of their files stands.
#[derive(Debug, Clone, Copy)]
pub struct ForgetRemoved;

#[async_trait]
impl Command for ForgetRemoved {
    type Output = ();
    const NAME: &'static str = "media.forget_removed";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        Ok(tx.media().forget_removed(ctx.now - AGE).await?)
    }
}

impl Pictures {
    /// Removes files after this key: of uploads that never became pictures, and of pictures that were deleted more than a
    /// day ago.
    ///
    /// # Errors
    /// If the store or the database does not answer.
    pub async fn sweep(&self, after: &str) -> Result<TaskStep<String>, Error> {
        let Some(store) = &self.parts.store else { return Ok(TaskStep { done: 0, next: None }) };
        let keys = store.list(after).await?;
        let orphans = self.without_picture(&keys).await?;
        let now = orphans.get(..REMOVED).unwrap_or(&orphans);
        for key in now {
            store.delete(key).await?;
        }
        let next = if now.len() < orphans.len() { now.last().map(ToString::to_string) } else { keys.last().cloned() };
        Ok(TaskStep { done: u64::try_from(now.len()).unwrap_or(u64::MAX), next })
    }

    /// The keys of orphaned files: their picture does not exist, was not deleted just now, and is not being uploaded.
    async fn without_picture<'a>(&self, keys: &'a [String]) -> Result<Vec<&'a str>, Error> {
        let before = self.parts.clock.now() - AGE;
        let is_old = |id: &MediaId| uploaded_at(*id).is_some_and(|at| at < before);
        let ids: BTreeSet<MediaId> = keys.iter().filter_map(|key| picture_of(key)).filter(is_old).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let existing: BTreeSet<_> = self.queries().existing_since(&ids, before).await?.into_iter().collect();
        let is_orphan =
            |key: &&String| picture_of(key).is_some_and(|id| ids.binary_search(&id).is_ok() && !existing.contains(&id));
        Ok(keys.iter().filter(is_orphan).map(String::as_str).collect())
    }
}

/// When a picture was uploaded, by its id.
fn uploaded_at(id: MediaId) -> Option<UtcDateTime> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    let since = Duration::new(seconds, nanos);
    Some(UtcDateTime::UNIX_EPOCH + since)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use domain::Uuid;
    use domain::media::{Encoding, MockMediaQueries, MockMediaStore, MockPictureEncoder};

    use super::super::pictures::{key, original};
    use super::super::{Pictures, PicturesParts};
    use super::*;
    use crate::MockClock;
    use crate::testing::{CountingIds, Mocks, NOW, run};

    type Removed = Arc<Mutex<Vec<String>>>;

    const NOON: u64 = 1_000_000;

    /// Pictures whose store has these keys, at noon, and what is removed of them.
    fn pictures(keys: Vec<String>, queries: MockMediaQueries) -> (Pictures, Removed) {
        let (removed, mut store) = (Removed::default(), MockMediaStore::new());
        store
            .expect_list()
            .returning(move |after| Ok(keys.iter().filter(|key| key.as_str() > after).cloned().collect()));
        let log = removed.clone();
        store.expect_delete().returning(move |key| {
            log.lock().unwrap().push(key.to_owned());
            Ok(())
        });
        let mut clock = MockClock::new();
        clock.expect_now().returning(|| UtcDateTime::UNIX_EPOCH + Duration::from_secs(NOON));
        let parts = PicturesParts {
            store: Some(Arc::new(store)),
            encoder: Arc::new(MockPictureEncoder::new()),
            queries: Arc::new(queries),
            ids: Arc::new(CountingIds::default()),
            clock: Arc::new(clock),
        };
        (Pictures::new(parts), removed)
    }

    fn uploaded(seconds: u64, n: u64) -> MediaId {
        let at = uuid::Timestamp::from_unix_time(seconds, 0, u128::from(n), 42);
        MediaId(Uuid::new_v7(at))
    }

    #[tokio::test]
    async fn only_files_of_yesterday_and_older_that_no_picture_had_since_are_removed_r213() {
        let (stands, gone) = (uploaded(1000, 1), uploaded(1000, 2));
        let under_way = uploaded(NOON - 3600, 3);
        let mut keys = vec![
            key(stands, 160, Encoding::Jpeg),
            key(gone, 160, Encoding::Jpeg),
            original(gone),
            key(under_way, 160, Encoding::Jpeg),
            "readme.txt".to_owned(),
        ];
        keys.sort_unstable();
        let mut queries = MockMediaQueries::new();
        let yesterday = UtcDateTime::UNIX_EPOCH + Duration::from_secs(NOON) - AGE;
        queries
            .expect_existing_since()
            .withf(move |ids, since| !ids.contains(&under_way) && *since == yesterday)
            .returning(move |_, _| Ok(vec![stands]));
        let (pictures, removed) = pictures(keys, queries);
        let step = pictures.sweep("").await.unwrap();
        assert_eq!(step, TaskStep { done: 2, next: Some("readme.txt".to_owned()) });
        assert_eq!(pictures.sweep("readme.txt").await.unwrap(), TaskStep { done: 0, next: None });
        assert_eq!(*removed.lock().unwrap(), [key(gone, 160, Encoding::Jpeg), original(gone)]);
    }

    #[tokio::test]
    async fn a_step_removes_a_hundred_files_and_the_next_goes_on_after_them_r213() {
        let mut keys: Vec<_> = (0..150).map(|n| key(uploaded(1000, n), 160, Encoding::Jpeg)).collect();
        keys.sort_unstable();
        let mut queries = MockMediaQueries::new();
        queries.expect_existing_since().returning(|_, _| Ok(Vec::new()));
        let (pictures, removed) = pictures(keys.clone(), queries);
        let first = pictures.sweep("").await.unwrap();
        assert_eq!(first, TaskStep { done: 100, next: Some(keys[99].clone()) });
        assert_eq!(pictures.sweep(&keys[99]).await.unwrap(), TaskStep { done: 50, next: Some(keys[149].clone()) });
        assert_eq!(*removed.lock().unwrap(), keys);
    }

    #[tokio::test]
    async fn what_was_deleted_is_forgotten_after_a_day_r213() {
        let mut tx = Mocks::default();
        tx.media.expect_forget_removed().once().withf(|before| *before == NOW - AGE).returning(|_| Ok(()));
        run(&ForgetRemoved, &mut tx).await.unwrap();
    }
}
