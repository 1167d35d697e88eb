use std::io::Write as _;

use actix_http::Request;
use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::header::{CONTENT_ENCODING, HeaderValue, VARY};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::file::takes_gzip;

/// The shortest body that is worth compressing, in bytes: it fills more than one packet.
const LEAST: usize = 1400;

/// The response with its body compressed, if the client reads gzip and the body is neither short, nor a stream, nor
/// compressed already.
pub(crate) fn compressed(response: HttpResponse, request: &Request) -> HttpResponse {
    if response.headers().contains_key(CONTENT_ENCODING) {
        return response;
    }
    let (mut response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(stream) => return response.set_body(stream),
    };
    if body.len() < LEAST {
        return response.set_body(BoxBody::new(body));
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Encoding"));
    if !takes_gzip(request) {
        return response.set_body(BoxBody::new(body));
    }
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    let mut packed = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    // A vector takes every byte, so the errors cannot occur.
    let _ = packed.write_all(&body);
    response.set_body(BoxBody::new(packed.finish().unwrap_or_default()))
}
