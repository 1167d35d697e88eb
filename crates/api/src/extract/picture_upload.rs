use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpMessage as _;
use actix_web::http::header::CONTENT_ENCODING;
use application::Error;
use domain::media::MOST_BYTES;
use tokio::sync::OwnedSemaphorePermit;

use super::Extract;
use super::body::within;
use crate::context::RequestContext;
use crate::operation::Signature;
use crate::problem::{Kind, Problem};

/// Time limit for receiving a picture.
const DEADLINE: Duration = Duration::from_mins(1);

/// What a picture may be sent as.
pub(crate) const MEDIA_TYPES: [&str; 5] =
    ["image/jpeg", "image/png", "image/webp", "image/gif", "application/octet-stream"];

/// The bytes of an upload. Only so many are received at once: each is in memory.
pub(crate) struct PictureUpload {
    pub(crate) bytes: Vec<u8>,
    /// Ends when the upload is done with.
    _place: OwnedSemaphorePermit,
}

impl Extract for PictureUpload {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        if context.http.headers().contains_key(CONTENT_ENCODING) || !is_picture(context) {
            let detail = "Send the bytes of the picture alone, with a Content-Type of image/* or application/octet-stream; \
                          no form, and not compressed.";
            return Err(Problem::new(Kind::UNSUPPORTED, detail));
        }
        let place = Arc::clone(&context.state.media.uploads).try_acquire_owned();
        let place = place.map_err(|_| Error::Busy { retry_after: Duration::from_secs(2) })?;
        let payload = context.take_payload();
        let bytes = within(&context.http, payload, MOST_BYTES, DEADLINE).await?;
        Ok(Self { bytes: bytes.into(), _place: place })
    }

    fn describe(signature: &mut Signature) {
        signature.raw_body = &MEDIA_TYPES;
        signature.problems.extend(Kind::OF_UPLOADS);
    }
}

/// Whether the request may hold a picture by its media type. Which one it is says the picture.
fn is_picture(context: &RequestContext) -> bool {
    match context.http.mime_type() {
        Ok(Some(mime)) => mime.type_() == "image" || mime.essence_str() == "application/octet-stream",
        Ok(None) => true,
        Err(_) => false,
    }
}
