use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LINK};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use application::Rendered;
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw};
use paperclip::v2::schema::Apiv2Schema;
use serde::Serialize;

use super::shown::respond;
use super::{Audience, Body, define, describe, to_json};
use crate::etag::etag;
use crate::openapi::Example;

/// A rendered response, as it is kept in memory and sent.
pub struct RenderedResponse {
    pub(crate) etag: String,
    /// The `Link` to the next page.
    pub(crate) link: Option<String>,
    pub(crate) body: Arc<[u8]>,
}

impl Rendered for RenderedResponse {
    fn size(&self) -> usize {
        self.body.len() + self.etag.len() + self.link.as_ref().map_or(0, String::len)
    }
}

/// 200 with an answer about the catalogue that may have been kept, or 304 if the client has it already.
pub(crate) struct Catalogued<T> {
    ready: Arc<RenderedResponse>,
    body: PhantomData<T>,
}

impl<T> From<Arc<RenderedResponse>> for Catalogued<T> {
    fn from(ready: Arc<RenderedResponse>) -> Self {
        Self { ready, body: PhantomData }
    }
}

/// A body as it is sent.
pub(crate) fn ready(body: &impl Body) -> RenderedResponse {
    let json = to_json(body);
    RenderedResponse { etag: etag(body.version(), &json), link: None, body: json.into() }
}

impl<T> Responder for Catalogued<T> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let body = Bytes::from_owner(self.ready.body.clone());
        let mut response = respond(req, &self.ready.etag, body, Audience::Catalogue);
        if let Some(link) = self.ready.link.as_deref().and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

impl<T: Apiv2Schema> Apiv2Schema for Catalogued<T> {
    fn name() -> Option<String> {
        T::name()
    }

    fn raw_schema() -> DefaultSchemaRaw {
        T::raw_schema()
    }
}

impl<T: Apiv2Schema + Example + Serialize> OperationModifier for Catalogued<T> {
    fn update_response(op: &mut DefaultOperationRaw) {
        describe::<T>(op, StatusCode::OK, if T::IS_PAGE { &["ETag", "Link"] } else { &["ETag"] });
    }

    fn update_definitions(map: &mut BTreeMap<String, DefaultSchemaRaw>) {
        define::<T>(map);
    }
}
