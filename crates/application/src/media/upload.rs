use domain::StoreError;
use domain::media::{ContentHash, Encoded, MediaId, NewPicture, NotEncoded, Picture, StoredFile};

use super::pictures::{Caller, key, original};
use super::{AddPicture, Pictures};
use crate::{Conflict, Error};

/// A picture after an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// The picture that has these bytes.
    pub picture: Picture,
    /// Whether it is new. The same bytes are one picture.
    pub is_new: bool,
}

impl Pictures {
    /// Takes an upload: encodes it in all sizes, stores them, and then writes the picture down. Nothing of it happens
    /// within a transaction but the last. If the server ends before that, the next sweep removes the files.
    ///
    /// # Errors
    /// Why it is no picture that the shop takes; or the store or the database fails.
    pub async fn upload(&self, caller: Caller<'_>, bytes: Vec<u8>) -> Result<Uploaded, Error> {
        self.store()?;
        let hash = self.parts.encoder.hash(&bytes);
        if let Some(picture) = self.with_hash(&hash).await? {
            return Ok(Uploaded { picture, is_new: false });
        }
        let uploaded = bytes.clone();
        let encoded = self.parts.encoder.encode(bytes).await?;
        let id = MediaId(self.parts.ids.next());
        let new = NewPicture {
            id,
            hash,
            kind: encoded.kind,
            encoding: encoded.encoding,
            bytes: i64::try_from(uploaded.len()).unwrap_or(i64::MAX),
            width: encoded.width,
            height: encoded.height,
        };
        let keys = self.put_all(id, encoded, uploaded).await?;
        match caller.run(AddPicture(new)).await {
            Ok(picture) => Ok(Uploaded { picture, is_new: true }),
            // The same bytes were uploaded at the same time.
            Err(Error::Conflict(Conflict::Duplicate(Picture::UNIQUE_HASH))) => {
                self.remove(&keys).await;
                let picture = self.with_hash(&hash).await?;
                // It may have been deleted at once.
                let picture = picture.ok_or(Error::Busy { retry_after: std::time::Duration::from_secs(1) })?;
                Ok(Uploaded { picture, is_new: false })
            }
            // Nobody knows whether it stands: the sweep will.
            Err(error @ Error::Unavailable(StoreError::CommitUnknown(_))) => Err(error),
            Err(error) => {
                self.remove(&keys).await;
                Err(error)
            }
        }
    }

    async fn with_hash(&self, hash: &ContentHash) -> Result<Option<Picture>, Error> {
        Ok(self.queries().with_hash(hash).await?)
    }

    /// Stores all sizes and what was uploaded. If one fails, the others are removed.
    async fn put_all(&self, id: MediaId, encoded: Encoded, uploaded: Vec<u8>) -> Result<Vec<String>, Error> {
        let store = self.store()?;
        let Encoded { kind, encoding, sizes, .. } = encoded;
        let sizes = sizes.into_iter().map(|(size, bytes)| StoredFile {
            key: key(id, size.edge, encoding),
            media_type: encoding.media_type(),
            bytes,
        });
        let uploaded = StoredFile { key: original(id), media_type: kind.media_type(), bytes: uploaded };
        let mut keys = Vec::new();
        for file in sizes.chain([uploaded]) {
            keys.push(file.key.clone());
            if let Err(error) = store.put(file).await {
                self.remove(&keys).await;
                return Err(error.into());
            }
        }
        Ok(keys)
    }

    /// Removes files. What cannot be removed is left to the sweep.
    async fn remove(&self, keys: &[String]) {
        let Ok(store) = self.store() else { return };
        for key in keys {
            if let Err(error) = store.delete(key).await {
                tracing::debug!(%error, key, "a file was not removed; the sweep will try again");
            }
        }
    }
}

impl From<NotEncoded> for Error {
    fn from(error: NotEncoded) -> Self {
        match error {
            NotEncoded::Refused(fault) => Self::Picture(fault),
            NotEncoded::Busy => Self::Busy { retry_after: std::time::Duration::from_secs(2) },
            NotEncoded::Failed(cause) => Self::Internal(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::media::{MediaStoreError, MockMediaQueries, MockMediaStore, MockPictureEncoder, PictureFault};

    use super::super::testing::{encoded, picture, pictures};
    use super::*;
    use crate::testing::{Mocks, Prepared};

    fn encoder() -> MockPictureEncoder {
        let mut encoder = MockPictureEncoder::new();
        encoder.expect_hash().returning(|_| [1; 32]);
        encoder.expect_encode().times(..=1).returning(|_| Ok(encoded()));
        encoder
    }

    /// Queries that find these, one after the other.
    fn found(found: Vec<Option<Picture>>) -> MockMediaQueries {
        let (mut queries, mut found) = (MockMediaQueries::new(), found.into_iter());
        queries.expect_with_hash().returning(move |_| Ok(found.next().unwrap()));
        queries
    }

    #[tokio::test]
    async fn files_are_stored_before_the_picture_is_written_down_r210() {
        let mut store = MockMediaStore::new();
        store.expect_put().times(3).returning(|_| Ok(()));
        let mut tx = Mocks::default();
        tx.media
            .expect_insert()
            .once()
            .withf(|picture| (picture.width, picture.bytes) == (320, 4))
            .returning(|_| Ok(()));
        let (runner, log) = Prepared::runner([tx]);
        let uploaded = pictures(Some(store), encoder(), found(vec![None])).upload(&runner, vec![0; 4]).await.unwrap();
        assert!(uploaded.is_new);
        assert_eq!(*log.lock().unwrap(), ["begin", "commit"]);
    }

    #[tokio::test]
    async fn the_same_bytes_are_one_picture_also_if_they_come_at_the_same_moment_r210() {
        let (runner, _) = Prepared::runner([]);
        let known = pictures(Some(MockMediaStore::new()), encoder(), found(vec![Some(picture(7))]));
        let again = known.upload(&runner, vec![0; 4]).await.unwrap();
        assert_eq!(again, Uploaded { picture: picture(7), is_new: false });

        let mut store = MockMediaStore::new();
        store.expect_put().times(3).returning(|_| Ok(()));
        store.expect_delete().times(3).returning(|_| Ok(()));
        let mut tx = Mocks::default();
        tx.media.expect_insert().once().returning(|_| Err(StoreError::Duplicate(Picture::UNIQUE_HASH)));
        let (runner, _) = Prepared::runner([tx]);
        let raced = pictures(Some(store), encoder(), found(vec![None, Some(picture(7))]));
        assert!(!raced.upload(&runner, vec![0; 4]).await.unwrap().is_new);
    }

    #[tokio::test]
    async fn a_store_that_fails_leaves_no_picture_and_no_file_r210() {
        let (mut store, mut puts) = (MockMediaStore::new(), 0);
        store.expect_put().times(2).returning(move |_| {
            puts += 1;
            if puts == 1 { Ok(()) } else { Err(MediaStoreError("disk full".into())) }
        });
        store.expect_delete().times(2).returning(|_| Ok(()));
        let (runner, _) = Prepared::runner([]);
        let result = pictures(Some(store), encoder(), found(vec![None])).upload(&runner, vec![0; 4]).await;
        assert!(matches!(result, Err(Error::MediaStore(_))));
    }

    #[tokio::test]
    async fn an_upload_that_is_no_picture_is_refused_before_anything_is_stored_r210() {
        let mut encoder = MockPictureEncoder::new();
        encoder.expect_hash().returning(|_| [1; 32]);
        encoder.expect_encode().once().returning(|_| Err(PictureFault::UnknownType.into()));
        let (runner, _) = Prepared::runner([]);
        let refused = pictures(Some(MockMediaStore::new()), encoder, found(vec![None])).upload(&runner, vec![]).await;
        assert!(matches!(refused, Err(Error::Picture(PictureFault::UnknownType))));
    }

    #[tokio::test]
    async fn without_a_place_for_files_nothing_is_encoded_r213() {
        let (runner, _) = Prepared::runner([]);
        let nowhere = pictures(None, MockPictureEncoder::new(), MockMediaQueries::new());
        assert!(matches!(nowhere.upload(&runner, vec![0]).await, Err(Error::NoMediaStore)));
    }
}
