//! What handlers give: each type is one kind of answer, with its status, its headers and its description.

mod catalogued;
mod file;
mod kept;
mod listed;
mod no_content;
mod shown;
mod stored;
mod values;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, VARY};
use actix_web::{HttpResponse, HttpResponseBuilder};
use domain::customers::CustomerId;
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw, Either, Response};
use paperclip::v2::schema::Apiv2Schema;
use serde::Serialize;

use crate::openapi::{Example, header};

pub use catalogued::RenderedResponse;
pub(crate) use catalogued::{Catalogued, ready};
pub(crate) use file::File;
pub(crate) use kept::{Answer, Created, Kept, REPLAYED, Updated};
pub(crate) use listed::{Listed, PageBody};
pub(crate) use no_content::NoContent;
pub(crate) use shown::{Audience, Secret, Shown};
pub(crate) use values::{Day, Id, Money, Timestamp, Word};

/// The body of an answer.
pub(crate) trait Body: Serialize + Apiv2Schema + Example {
    /// The version of what it shows.
    fn version(&self) -> Option<i64>;

    /// The customer whose personal data it shows, if it shows any.
    fn personal_to(&self) -> Option<CustomerId> {
        None
    }
}

/// The body as JSON. Our types hold nothing that JSON cannot say, so this does not fail.
fn to_json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_default()
}

/// An answer that caches may keep but must ask about, and that is another for another caller.
fn cacheable(status: StatusCode, scope: &'static str, etag: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CACHE_CONTROL, HeaderValue::from_static(scope)));
    answer.insert_header((VARY, HeaderValue::from_static("Authorization")));
    answer.insert_header((ETAG, etag));
    answer
}

/// Says that a body is JSON.
fn json() -> (HeaderName, HeaderValue) {
    (CONTENT_TYPE, HeaderValue::from_static("application/json"))
}

const PRIVATE: &str = "private, no-cache";
const PUBLIC: &str = "public, no-cache";

/// Describes an answer with a body and these headers.
fn describe<T: Apiv2Schema>(op: &mut DefaultOperationRaw, status: StatusCode, headers: &[&str]) {
    let mut schema = T::schema_with_ref();
    schema.retain_ref();
    let description = status.canonical_reason().map(ToOwned::to_owned);
    let headers = headers.iter().map(|name| ((*name).to_owned(), header(name))).collect();
    let response = Response { description, schema: Some(schema), headers };
    op.responses.insert(status.as_str().to_owned(), Either::Right(response));
}

/// Describes a body under its name, with an example, and what it consists of under theirs.
fn define<T: Apiv2Schema + Example + Serialize>(definitions: &mut BTreeMap<String, DefaultSchemaRaw>) {
    let example = serde_json::to_value(T::example()).ok();
    hoist(DefaultSchemaRaw { example, ..T::raw_schema() }, definitions);
}

/// Puts a schema that has a name under that name, and refers to it from where it was.
fn hoist(mut schema: DefaultSchemaRaw, definitions: &mut BTreeMap<String, DefaultSchemaRaw>) -> DefaultSchemaRaw {
    for part in schema.properties.values_mut().chain(&mut schema.items) {
        **part = hoist(std::mem::take(part), definitions);
    }
    let Some(name) = schema.name.take() else { return schema };
    let reference = Some(format!("#/definitions/{name}"));
    schema.reference = None;
    definitions.entry(name).or_insert(schema);
    DefaultSchemaRaw { reference, ..Default::default() }
}
