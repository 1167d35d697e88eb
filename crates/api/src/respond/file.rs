use std::convert::Infallible;
use std::io::{Read, Write};
use std::sync::OnceLock;

use actix_http::Request;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, Encoding, Header,
    HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures_util::{Stream, stream};

use super::{PUBLIC, Respond};
use crate::context::RequestContext;
use crate::etag::{Tags, etag};
use crate::problem::Problem;

/// Only what comes from here is run, shown or asked, and no other page may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The size of a piece that is sent at once, in bytes.
const PIECE: usize = 32 * 1024;

/// A file in the binary, the same for everybody.
pub(crate) struct File {
    media_type: &'static str,
    bytes: &'static [u8],
    is_gzipped: bool,
    unpacked: OnceLock<Vec<u8>>,
    tag: String,
}

impl File {
    /// A file that is kept as it is.
    pub(crate) fn plain(media_type: &'static str, text: &'static str) -> Self {
        Self::new(media_type, text.as_bytes(), false)
    }

    /// A text that is compressed here, and kept both ways as long as the program runs.
    pub(crate) fn compressed(media_type: &'static str, text: &'static str) -> Self {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        // A vector takes every byte, so the errors cannot occur.
        let _ = packed.write_all(text.as_bytes());
        let bytes = packed.finish().unwrap_or_default().leak();
        Self { unpacked: OnceLock::from(text.as_bytes().to_vec()), ..Self::new(media_type, bytes, true) }
    }

    /// A file that is kept compressed.
    pub(crate) fn gzipped(media_type: &'static str, bytes: &'static [u8]) -> Self {
        Self::new(media_type, bytes, true)
    }

    fn new(media_type: &'static str, bytes: &'static [u8], is_gzipped: bool) -> Self {
        Self { media_type, bytes, is_gzipped, unpacked: OnceLock::new(), tag: etag(None, bytes) }
    }

    /// Decompressed at the first request, and kept: few clients ask for it, but those ask often.
    fn text(&'static self) -> &'static [u8] {
        if !self.is_gzipped {
            return self.bytes;
        }
        self.unpacked.get_or_init(|| {
            let mut text = Vec::new();
            // It was compressed by us, so it can be read; a test reads each.
            let _ = GzDecoder::new(self.bytes).read_to_end(&mut text);
            text
        })
    }
}

/// 200 with the file, or 304 if the client has it already. Files stand beside the API, so they are not documented.
impl Respond for &'static File {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        // Weak, because it names the file whether it is sent compressed or not.
        let tag = format!("W/{}", self.tag);
        let tags = Tags::of(context.headers(), &IF_NONE_MATCH);
        if tags.is_ok_and(|tags| tags.is_some_and(|tags| tags.names(&self.tag))) {
            return Ok(with_headers(HttpResponse::NotModified(), &tag).finish());
        }
        let mut response = with_headers(HttpResponse::Ok(), &tag);
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static(self.media_type)));
        if self.is_gzipped && takes_gzip(&context.http) {
            response.insert_header((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
            return Ok(response.body(in_pieces(self.bytes)));
        }
        Ok(response.body(in_pieces(self.text())))
    }
}

/// A body of small pieces. A client that reads slowly has one of them in memory, not the file.
fn in_pieces(bytes: &'static [u8]) -> SizedStream<impl Stream<Item = Result<Bytes, Infallible>>> {
    let pieces = bytes.chunks(PIECE).map(|piece| Ok(Bytes::from_static(piece)));
    SizedStream::new(bytes.len() as u64, stream::iter(pieces))
}

fn with_headers(mut answer: HttpResponseBuilder, tag: &str) -> HttpResponseBuilder {
    answer.insert_header((CACHE_CONTROL, HeaderValue::from_static(PUBLIC)));
    answer.insert_header((VARY, HeaderValue::from_static("Accept-Encoding")));
    answer.insert_header((ETAG, tag));
    answer.insert_header((CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)));
    answer.insert_header((REFERRER_POLICY, HeaderValue::from_static("no-referrer")));
    answer
}

/// Whether the client reads gzip, and does not like uncompressed bodies better.
pub(crate) fn takes_gzip(request: &Request) -> bool {
    let supported = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request).is_ok_and(|accepted| accepted.negotiate(supported.iter()) == Some(Encoding::gzip()))
}
