//! What handlers return: each type is one kind of response, with its status and its headers.

mod acted;
mod addressed;
mod compressed;
mod csv;
mod download;
mod event_stream;
mod file;
mod idempotent;
mod list;
mod named;
mod once;
mod paged_file;
mod picture_file;
mod resource;
mod stored;
mod values;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use domain::customers::CustomerId;
use serde::Serialize;

use crate::context::RequestContext;
use crate::media::JSON;
use crate::operation::{Signature, Success};
use crate::problem::Problem;
use crate::schema::{self, ResponseBody};

pub(crate) use acted::{Begun, CarriedOut};
pub(crate) use addressed::Addressed;
pub(crate) use compressed::compressed;
pub(crate) use csv::{CsvOr, CsvOrList, Tabular, WrittenAsCsv, lines, no_formula, table_of};
pub(crate) use download::{Download, PersonalDataBody};
pub(crate) use event_stream::EventStream;
pub(crate) use file::File;
pub(crate) use idempotent::{Accepted, Created, Idempotent, Outcome, REPLAYED, Rendered, Updated};
pub(crate) use list::List;
pub(crate) use named::{NamedCustomer, NamedProduct, customers_of, products_of};
pub(crate) use once::{SecretOnce, ShownOnce};
pub(crate) use paged_file::{CsvFile, FileType, NdjsonFile, PagedFile};
pub(crate) use picture_file::PictureFile;
pub(crate) use resource::{Cached, CreatedOrFound, NoContent, NoStore, Resource, Taken, rendered};
pub(crate) use values::{Day, Id, Money, Timestamp, Word, text_of};

/// What a handler returns.
pub(crate) trait Respond {
    /// The response, or the problem that is answered instead.
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem>;

    /// Adds to the signature of the endpoint what the response looks like.
    fn describe(_: &mut Signature) {}
}

impl<T: Respond> Respond for Result<T, Problem> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        self?.respond(context)
    }

    fn describe(signature: &mut Signature) {
        T::describe(signature);
    }
}

/// A response of which nothing is documented.
impl Respond for HttpResponse {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        Ok(self)
    }
}

/// The body of a response about a resource.
pub(crate) trait Body: ResponseBody {
    /// The version of the resource.
    fn version(&self) -> Option<i64>;

    /// The customer whose personal data the body shows, if it shows any.
    fn personal_to(&self) -> Option<CustomerId> {
        None
    }
}

const PRIVATE: &str = "private, no-cache";
const PUBLIC: &str = "public, no-cache";
const NO_STORE: &str = "no-store";

/// The body as JSON. Our types hold nothing that JSON cannot say, so this does not fail.
fn to_json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_default()
}

fn fixed(name: HeaderName, value: &'static str) -> (HeaderName, HeaderValue) {
    (name, HeaderValue::from_static(value))
}

/// 200 with a body that no cache may keep.
pub(crate) fn no_store(media_type: &'static str, body: impl actix_web::body::MessageBody + 'static) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header(fixed(CACHE_CONTROL, NO_STORE)).insert_header(fixed(CONTENT_TYPE, media_type)).body(body)
}

/// A success with a body of type `T` and these headers.
fn success<T: ResponseBody>(signature: &mut Signature, status: StatusCode, headers: &'static [&'static str]) {
    let schema = Some(schema::of_response::<T>(&mut signature.definitions));
    let description = status.canonical_reason().unwrap_or_default();
    signature.success = Some(Success { status, description, media_type: JSON, headers, schema });
}

/// 204 with these headers.
fn no_content(signature: &mut Signature, headers: &'static [&'static str]) {
    let description = "No Content";
    signature.success = Some(Success { status: StatusCode::NO_CONTENT, description, headers, ..Success::default() });
}
