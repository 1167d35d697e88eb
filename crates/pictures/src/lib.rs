//! Pictures: decoded, turned upright, and encoded anew in all their sizes, without metadata.

mod decode;
mod encode;

use std::io::Cursor;
use std::sync::Arc;

use async_trait::async_trait;
use domain::media::{ContentHash, Encoded, NotEncoded, PictureEncoder, PictureFault};
use image::{ImageFormat, RgbImage};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many pictures may wait to be encoded.
const WAITING: usize = 8;

/// Encodes pictures on threads for blocking work, a few at a time: each takes up to 300 MB while it is worked on.
#[derive(Debug)]
pub struct Encoder {
    /// A permit for each that works or waits.
    places: Semaphore,
    /// A permit for each that works.
    permits: Arc<Semaphore>,
}

impl Encoder {
    /// An encoder that works on so many pictures at once.
    pub fn new(at_once: usize) -> Self {
        Self { places: Semaphore::new(at_once + WAITING), permits: Arc::new(Semaphore::new(at_once)) }
    }

    fn place(&self) -> Result<SemaphorePermit<'_>, NotEncoded> {
        self.places.try_acquire().map_err(|_| NotEncoded::Busy)
    }
}

/// A PNG file of these pixels, which are red, green and blue, from the top left, row by row; `None` if there are too few.
pub fn png(width: u32, height: u32, pixels: Vec<u8>) -> Option<Vec<u8>> {
    let picture = RgbImage::from_raw(width, height, pixels)?;
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).ok()?;
    Some(file.into_inner())
}

#[async_trait]
impl PictureEncoder for Encoder {
    fn hash(&self, bytes: &[u8]) -> ContentHash {
        Sha256::digest(bytes).into()
    }

    async fn encode(&self, bytes: Vec<u8>) -> Result<Encoded, NotEncoded> {
        let _place = self.place()?;
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|error| NotEncoded::Failed(error.into()))?;
        let done = tokio::task::spawn_blocking(move || {
            // It ends with the work, not with the caller, who may have gone away.
            let _permit = permit;
            let decoded = decode::decode(&bytes)?;
            drop(bytes);
            encode::encode(decoded)
        });
        match done.await {
            Ok(encoded) => encoded,
            Err(error) if error.is_panic() => {
                tracing::warn!("the decoder of pictures panicked");
                Err(PictureFault::Broken("the decoder gives up".to_owned()).into())
            }
            Err(error) => Err(NotEncoded::Failed(error.into())),
        }
    }
}

#[cfg(test)]
mod tests;
