use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, CROSS_ORIGIN_RESOURCE_POLICY, ETAG, HeaderValue,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Bytes;
use domain::media::MediaFile;
use futures_util::stream;

use super::Respond;
use crate::context::RequestContext;
use crate::problem::Problem;

/// For everybody, for a year: what stands under a URL never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A picture runs nothing, whatever a browser takes it for.
const POLICY: &str = "default-src 'none'; sandbox";

/// 200 with a file of a picture, or 304 if the client has it already. It is sent in pieces: a client that reads slowly has
/// one of them in memory.
pub(crate) struct PictureFile {
    /// `None` if the client has it already.
    pub(crate) file: Option<Box<dyn MediaFile>>,
    pub(crate) media_type: &'static str,
    /// Its `ETag`, which follows from its URL.
    pub(crate) tag: String,
}

impl Respond for PictureFile {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let mut response = if self.file.is_none() { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((CACHE_CONTROL, HeaderValue::from_static(IMMUTABLE)));
        response.insert_header((CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)));
        response.insert_header((CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin")));
        response.insert_header((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")));
        response.insert_header((ETAG, self.tag));
        let Some(file) = self.file else { return Ok(response.finish()) };
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static(self.media_type)));
        let length = file.length();
        let pieces = stream::unfold(file, async |mut file| {
            let piece = file.next().await.transpose()?;
            Some((piece.map(Bytes::from), file))
        });
        Ok(response.body(SizedStream::new(length, Box::pin(pieces))))
    }
}
