use std::time::Duration;

use actix_http::{HttpMessage as _, Payload, Request};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::web::{Bytes, BytesMut};
use domain::payments::Headers;
use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::timeout;

use super::fields::{FromFields, Report};
use super::{Extract, json};
use crate::context::{RequestContext, State};
use crate::media::{ACCEPT_PATCH, JSON, MERGE_PATCH, PATCH_TYPES};
use crate::operation::Signature;
use crate::problem::{Kind, Problem};

/// The largest body, in bytes.
const LIMIT: usize = 256 * 1024;
/// The limit of a form with many things.
const LONG: usize = 2 * 1024 * 1024;
/// Time limit for receiving a body.
const DEADLINE: Duration = Duration::from_secs(10);

/// The problems of a request body.
const FAILURES: &[Kind] =
    &[Kind::MALFORMED, Kind::MALFORMED_JSON, Kind::BODY_TIMEOUT, Kind::TOO_LARGE, Kind::UNSUPPORTED, Kind::INVALID];

/// A JSON request body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: FromFields> Extract for Body<T> {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let bytes = read::<T>(context).await?;
        parse(json::parse(&bytes)?, &context.state).map(Self)
    }

    fn describe(signature: &mut Signature) {
        T::define(&mut signature.definitions);
        signature.body = Some(T::NAME);
        signature.problems.extend(FAILURES);
    }
}

/// Reads a JSON body of at most [`LIMIT`] bytes within [`DEADLINE`]. A compressed body is refused, because unpacking it
/// could exhaust the memory. No body means an empty object, unless there is a media type and a field that must be given.
pub(crate) async fn read<T: FromFields>(context: &mut RequestContext) -> Result<Bytes, Problem> {
    let payload = context.take_payload();
    let req = &context.http;
    if req.headers().contains_key(CONTENT_ENCODING) {
        return Err(Problem::new(
            Kind::UNSUPPORTED,
            "The body must not be compressed: send it without Content-Encoding.",
        ));
    }
    refuse_other_types(req)?;
    let bytes = within_limits(req, payload).await?;
    match (req.headers().contains_key(CONTENT_TYPE), bytes.is_empty()) {
        (true, false) => Ok(bytes),
        // Generated clients name a media type even if they send nothing.
        (true, true) if !T::is_optional() => Ok(bytes),
        (_, true) => Ok(Bytes::from_static(b"{}")),
        (false, false) => Err(other_type(req)),
    }
}

/// Any body, as it was sent, of at most [`LIMIT`] bytes, with the headers of the request.
pub(crate) struct RawBody {
    pub(crate) headers: Headers,
    pub(crate) bytes: Bytes,
}

impl Extract for RawBody {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let readable = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = Headers::new(context.headers().iter().filter_map(readable));
        let payload = context.take_payload();
        Ok(Self { headers, bytes: within_limits(&context.http, payload).await? })
    }
}

/// The fields of a form with many things, of at most [`LONG`] bytes: 250 products whose names are as long as they may be.
pub(crate) struct LongForm(pub(crate) Bytes);

impl Extract for LongForm {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let payload = context.take_payload();
        within(&context.http, payload, LONG, DEADLINE).await.map(Self)
    }
}

/// Reads a body of at most [`LIMIT`] bytes within [`DEADLINE`].
async fn within_limits(req: &Request, payload: Payload) -> Result<Bytes, Problem> {
    within(req, payload, LIMIT, DEADLINE).await
}

/// Reads a body of at most so many bytes within a time.
pub(super) async fn within(req: &Request, payload: Payload, limit: usize, time: Duration) -> Result<Bytes, Problem> {
    let announced = req.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > limit) {
        return Err(too_large(limit));
    }
    let late = |_| Problem::new(Kind::BODY_TIMEOUT, format!("The body must arrive within {} seconds.", time.as_secs()));
    timeout(time, collect(payload, limit)).await.map_err(late)?
}

/// Parses a body.
///
/// # Errors
/// `invalid-fields` with every refused field.
pub(crate) fn parse<T: FromFields>(value: Value, state: &State) -> Result<T, Problem> {
    let mut report = Report::new(state.shop);
    let read = report.object(value, "");
    Ok(report.finish(read)?)
}

fn refuse_other_types(req: &Request) -> Result<(), Problem> {
    let understood = match req.mime_type() {
        Ok(Some(mime)) => {
            let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
            let named = mime.essence_str();
            utf8 && (named == JSON || (named == MERGE_PATCH && *req.method() == Method::PATCH))
        }
        Ok(None) => true,
        Err(_) => false,
    };
    understood.then_some(()).ok_or_else(|| other_type(req))
}

fn other_type(req: &Request) -> Problem {
    if *req.method() == Method::PATCH {
        let detail = format!("The Content-Type must be {JSON} or {MERGE_PATCH}, in UTF-8.");
        return Problem::new(Kind::UNSUPPORTED, detail).with_header(ACCEPT_PATCH, PATCH_TYPES);
    }
    Problem::new(Kind::UNSUPPORTED, format!("The Content-Type must be {JSON}, in UTF-8."))
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Kind::MALFORMED, "The body is incomplete."))?;
        if body.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn too_large(limit: usize) -> Problem {
    Problem::new(Kind::TOO_LARGE, format!("The body has at most {limit} bytes."))
}
