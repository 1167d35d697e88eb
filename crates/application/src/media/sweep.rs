use std::collections::BTreeSet;
use std::time::Duration;

use domain::UtcDateTime;
use domain::media::MediaId;

use super::Pictures;
use super::pictures::picture_of;
use crate::Error;

/// How old an upload without a picture must be, so that it is none that is still under way.
const AGE: Duration = Duration::from_hours(24);

impl Pictures {
    /// Removes the files of uploads that never became pictures, and of pictures that were deleted. Returns how many files.
    ///
    /// # Errors
    /// If the store or the database does not answer.
    pub async fn sweep(&self) -> Result<u64, Error> {
        let Some(store) = &self.parts.store else { return Ok(0) };
        let (mut after, mut removed) = (String::new(), 0);
        loop {
            let keys = store.list(&after).await?;
            let Some(last) = keys.last().cloned() else { return Ok(removed) };
            for key in self.without_picture(&keys).await? {
                store.delete(key).await?;
                removed += 1;
            }
            after = last;
        }
    }

    /// Those of the keys whose picture does not stand and is not being uploaded.
    async fn without_picture<'a>(&self, keys: &'a [String]) -> Result<Vec<&'a str>, Error> {
        let before = self.parts.clock.now() - AGE;
        let is_old = |id: &MediaId| uploaded_at(*id).is_some_and(|at| at < before);
        let ids: BTreeSet<MediaId> = keys.iter().filter_map(|key| picture_of(key)).filter(is_old).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let existing: BTreeSet<_> = self.queries().existing(&ids).await?.into_iter().collect();
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
    use crate::testing::CountingIds;

    fn uploaded(seconds: u64, n: u64) -> MediaId {
        let at = uuid::Timestamp::from_unix_time(seconds, 0, u128::from(n), 42);
        MediaId(Uuid::new_v7(at))
    }

    #[tokio::test]
    async fn only_files_of_yesterday_and_older_that_no_picture_has_are_removed_r213() {
        let now = 1_000_000;
        let (stands, gone) = (uploaded(1000, 1), uploaded(1000, 2));
        let under_way = uploaded(now - 3600, 3);
        let keys = vec![
            key(stands, 160, Encoding::Jpeg),
            key(gone, 160, Encoding::Jpeg),
            original(gone),
            key(under_way, 160, Encoding::Jpeg),
            "readme.txt".to_owned(),
        ];
        let (removed, mut store) = (Arc::new(Mutex::new(Vec::new())), MockMediaStore::new());
        let pages = Mutex::new(vec![Vec::new(), keys]);
        store.expect_list().times(2).returning(move |_| Ok(pages.lock().unwrap().pop().unwrap()));
        let log = removed.clone();
        store.expect_delete().returning(move |key| {
            log.lock().unwrap().push(key.to_owned());
            Ok(())
        });
        let mut queries = MockMediaQueries::new();
        queries.expect_existing().once().returning(move |ids| {
            assert!(!ids.contains(&under_way));
            Ok(vec![stands])
        });
        let mut clock = MockClock::new();
        clock.expect_now().returning(move || UtcDateTime::UNIX_EPOCH + Duration::from_secs(now));
        let pictures = Pictures::new(PicturesParts {
            store: Some(Arc::new(store)),
            encoder: Arc::new(MockPictureEncoder::new()),
            queries: Arc::new(queries),
            ids: Arc::new(CountingIds::default()),
            clock: Arc::new(clock),
        });
        assert_eq!(pictures.sweep().await.unwrap(), 2);
        assert_eq!(*removed.lock().unwrap(), [key(gone, 160, Encoding::Jpeg), original(gone)]);
    }
}
