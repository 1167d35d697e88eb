use std::collections::HashMap;
use std::error::Error;

use async_trait::async_trait;

use super::{
    ContentHash, Encoding, Gallery, MediaFilter, MediaId, Owner, OwnerKind, Picture, PictureFault, PictureType,
    ProductPictures, Shown, Size,
};
use crate::products::ProductId;
use crate::{Page, PageRequest, StoreError, UtcDateTime, Uuid};

/// Pictures within a transaction. What has pictures is locked by whoever changes which it has.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait MediaRepository: Send {
    /// Inserts a picture whose sizes are in the store.
    ///
    /// # Errors
    /// `Duplicate(Picture::UNIQUE_HASH)` if the same bytes were uploaded before.
    async fn insert(&mut self, picture: &Picture) -> Result<(), StoreError>;

    /// A picture, locked until the transaction ends.
    async fn lock(&mut self, id: MediaId) -> Result<Option<Picture>, StoreError>;

    /// Those of the ids that pictures have.
    async fn known(&mut self, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError>;

    /// The pictures of something in order.
    async fn gallery(&mut self, owner: Owner) -> Result<Gallery, StoreError>;

    /// The same with what is known of them.
    async fn shown(&mut self, owner: Owner) -> Result<Vec<Shown>, StoreError>;

    /// Writes the pictures of something that is locked.
    ///
    /// # Errors
    /// `Raced` if a picture was deleted meanwhile.
    async fn replace(&mut self, owner: Owner, gallery: &Gallery) -> Result<(), StoreError>;

    /// The names of up to `limit` of each kind that show a picture.
    async fn users(&mut self, id: MediaId, limit: u64) -> Result<Vec<(OwnerKind, String)>, StoreError>;

    /// Deletes a locked picture. It is known when, until that is forgotten.
    ///
    /// # Errors
    /// `Raced` if something shows it since the transaction looked.
    async fn delete(&mut self, id: MediaId, now: UtcDateTime) -> Result<(), StoreError>;

    /// Forgets the pictures that were deleted before `before`.
    async fn forget_removed(&mut self, before: UtcDateTime) -> Result<(), StoreError>;
}

/// Reads of pictures, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait MediaQueries: Send + Sync {
    /// The picture with this id; `None` if there is none.
    async fn get(&self, id: MediaId) -> Result<Option<Picture>, StoreError>;

    /// The picture that was made of bytes with this hash.
    async fn with_hash(&self, hash: &ContentHash) -> Result<Option<Picture>, StoreError>;

    /// A page of pictures, the oldest first.
    async fn list(&self, filter: &MediaFilter, page: &PageRequest) -> Result<Page<Picture>, StoreError>;

    /// The pictures of these products: their own, or else those of their groups. Those without any are left out.
    async fn of_products(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, ProductPictures>, StoreError>;

    /// The first picture of each of these products: its own, or else that of its group. Those without any are left out.
    async fn first_of_products(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Shown>, StoreError>;

    /// The pictures of these things of one kind, in order. Those without any are left out.
    async fn galleries(&self, kind: OwnerKind, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Shown>>, StoreError>;

    /// The first picture of each of them. Those without any are left out.
    async fn first(&self, kind: OwnerKind, ids: &[Uuid]) -> Result<HashMap<Uuid, Shown>, StoreError>;

    /// Whether anything has a picture.
    async fn is_used(&self) -> Result<bool, StoreError>;

    /// Those of the ids that pictures have, or had at `since` or after it.
    async fn existing_since(&self, ids: &[MediaId], since: UtcDateTime) -> Result<Vec<MediaId>, StoreError>;
}

/// The place of the files does not answer, or has no room.
#[derive(Debug, thiserror::Error)]
#[error("the place where pictures are kept failed: {0}")]
pub struct MediaStoreError(#[source] pub Box<dyn Error + Send + Sync>);

/// The bytes of a file, in pieces.
#[async_trait]
pub trait MediaFile: Send {
    /// How many bytes there are.
    fn length(&self) -> u64;

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// If the file cannot be read on.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaStoreError>;
}

/// A file with one size of a picture, or with what was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its key: parts of `a-z 0-9 - .`, separated by `/`.
    pub key: String,
    /// Its media type, such as `image/jpeg`.
    pub media_type: &'static str,
    /// What is stored, byte for byte.
    pub bytes: Vec<u8>,
}

/// Keeps files under keys: in a folder, or with a service. A key is written once.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// Stores a file. It is there, whole, once this has returned.
    async fn put(&self, file: StoredFile) -> Result<(), MediaStoreError>;

    /// Opens a file; `None` if there is none.
    async fn open(&self, key: &str) -> Result<Option<Box<dyn MediaFile>>, MediaStoreError>;

    /// Deletes a file. One that is not there is no error.
    async fn delete(&self, key: &str) -> Result<(), MediaStoreError>;

    /// Up to 1,000 keys after `after`, in order; empty for all. Fewer only at the end.
    async fn list(&self, after: &str) -> Result<Vec<String>, MediaStoreError>;
}

/// A picture that was decoded, in all its sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// What was uploaded.
    pub kind: PictureType,
    /// How its sizes are encoded.
    pub encoding: Encoding,
    /// The width in pixels, turned as its EXIF orientation says.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// The sizes with their bytes, smallest first. They have no metadata.
    pub sizes: Vec<(Size, Vec<u8>)>,
}

/// Why an upload was not encoded.
#[derive(Debug, thiserror::Error)]
pub enum NotEncoded {
    /// It is no picture that the shop takes.
    #[error(transparent)]
    Refused(#[from] PictureFault),
    /// Too many uploads wait already.
    #[error("too many pictures wait to be encoded")]
    Busy,
    /// A defect.
    #[error("the picture was not encoded")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// Decodes pictures and encodes them anew.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PictureEncoder: Send + Sync {
    /// The SHA-256 of bytes.
    fn hash(&self, bytes: &[u8]) -> ContentHash;

    /// All sizes of an upload.
    async fn encode(&self, bytes: Vec<u8>) -> Result<Encoded, NotEncoded>;
}
