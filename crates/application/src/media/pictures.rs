use std::sync::Arc;

use async_trait::async_trait;
use domain::StoreError;
use domain::media::{Encoding, MediaFile, MediaId, MediaQueries, MediaStore, PictureEncoder};

use crate::{Clock, Error, Ids, Runner};

/// Whether anything has a picture, as far as this server has heard. As long as nothing has, nobody looks for any.
#[async_trait]
pub trait MediaUse: Send + Sync {
    /// Whether anything has a picture.
    async fn is_used(&self) -> Result<bool, StoreError>;
}

/// What pictures need.
#[derive(Clone)]
pub struct PicturesParts {
    /// Where files are kept; `None` if the shop has not said where.
    pub store: Option<Arc<dyn MediaStore>>,
    /// Decodes and encodes.
    pub encoder: Arc<dyn PictureEncoder>,
    /// Reads of pictures.
    pub queries: Arc<dyn MediaQueries>,
    /// Makes the ids of new pictures.
    pub ids: Arc<dyn Ids>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
}

/// Takes uploads, opens files, and removes those that nobody needs.
#[derive(Clone)]
pub struct Pictures {
    pub(super) parts: Arc<PicturesParts>,
}

impl Pictures {
    /// Pictures of these parts.
    pub fn new(parts: PicturesParts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Whether the shop has said where files are kept.
    pub fn has_store(&self) -> bool {
        self.parts.store.is_some()
    }

    /// Opens a size of a picture; `None` if there is none.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn open(&self, id: MediaId, edge: u32, encoding: Encoding) -> Result<Option<Box<dyn MediaFile>>, Error> {
        match &self.parts.store {
            Some(store) => Ok(store.open(&key(id, edge, encoding)).await?),
            None => Ok(None),
        }
    }

    pub(super) fn store(&self) -> Result<&Arc<dyn MediaStore>, Error> {
        self.parts.store.as_ref().ok_or(Error::NoMediaStore)
    }

    /// Reads of pictures.
    pub(crate) fn queries(&self) -> &Arc<dyn MediaQueries> {
        &self.parts.queries
    }
}

/// The key of a size: the last two digits of the id, the id, and the size, so that no folder gets too full.
pub fn key(id: MediaId, edge: u32, encoding: Encoding) -> String {
    format!("{}{edge}.{}", folder(id), encoding.as_str())
}

/// The beginning of the keys of a picture.
pub(super) fn folder(id: MediaId) -> String {
    let text = id.to_string();
    let last = text.get(text.len().saturating_sub(2)..).unwrap_or_default();
    format!("{last}/{text}/")
}

/// The key of what was uploaded, which is never served.
pub(super) fn original(id: MediaId) -> String {
    folder(id) + "original"
}

/// The picture to which a key belongs; `None` if it is none of ours.
pub(super) fn picture_of(key: &str) -> Option<MediaId> {
    let mut parts = key.split('/');
    let (folder, id) = (parts.next()?, parts.next()?);
    let parsed = domain::Uuid::try_parse(id).ok()?;
    (id.ends_with(folder) && folder.len() == 2 && parts.next().is_some()).then_some(MediaId(parsed))
}

/// The runner is not a part of [`Pictures`]: whose change an upload is depends on the caller.
pub(super) type Caller<'a> = &'a Runner;
