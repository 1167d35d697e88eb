use std::collections::BTreeMap;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, IF_NONE_MATCH};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, Responder};
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw};
use paperclip::v2::schema::Apiv2Schema;
use serde::Serialize;

use super::{Body, PRIVATE, PUBLIC, cacheable, define, describe, json, to_json};
use crate::etag::{Tags, etag};
use crate::extract::access;
use crate::openapi::Example;
use crate::problem::{Kind, Problem};
use crate::state::State;

/// Who may be shown an answer that a cache has kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Only its caller.
    Caller,
    /// Everybody, if the catalogue is public and the caller did not log in.
    Catalogue,
}

/// 200 with a body, or 304 if the client has it already.
pub(crate) struct Shown<T>(T);

impl<T: Body> Shown<T> {
    pub(crate) fn new(body: T) -> Self {
        Self(body)
    }
}

impl Audience {
    fn scope(self, req: &HttpRequest) -> &'static str {
        let public = self == Self::Catalogue && State::of(req).catalog_public && access(req).is_none();
        if public { PUBLIC } else { PRIVATE }
    }
}

/// 200 with `body`, or 304 if the client reads it and names its tag.
pub(super) fn answer(req: &HttpRequest, version: Option<i64>, body: Vec<u8>) -> HttpResponse {
    respond(req, &etag(version, &body), body, Audience::Caller)
}

/// The same with a body whose tag is known.
pub(super) fn respond(
    req: &HttpRequest,
    etag: &str,
    body: impl MessageBody + 'static,
    audience: Audience,
) -> HttpResponse {
    let scope = audience.scope(req);
    let fresh = || cacheable(StatusCode::OK, scope, etag).insert_header(json()).body(body);
    if *req.method() != Method::GET {
        return fresh();
    }
    match Tags::of(req.headers(), &IF_NONE_MATCH) {
        Ok(Some(tags)) if tags.names(etag) => cacheable(StatusCode::NOT_MODIFIED, scope, etag).finish(),
        Ok(_) => fresh(),
        Err(_) => HttpResponse::from_error(Problem::new(
            Kind::BAD_HEADER,
            "If-None-Match must be * or a list of entity tags such as \"3-0a1b2c3d\".",
        )),
    }
}

impl<T: Body> Responder for Shown<T> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        answer(req, self.0.version(), to_json(&self.0))
    }
}

impl<T: Body> Apiv2Schema for Shown<T> {
    fn name() -> Option<String> {
        T::name()
    }

    fn raw_schema() -> DefaultSchemaRaw {
        T::raw_schema()
    }
}

impl<T: Body> OperationModifier for Shown<T> {
    fn update_response(op: &mut DefaultOperationRaw) {
        describe::<T>(op, StatusCode::OK, &["ETag"]);
    }

    fn update_definitions(map: &mut BTreeMap<String, DefaultSchemaRaw>) {
        define::<T>(map);
    }
}

/// 200 with a body that nobody may keep.
pub(crate) struct Secret<T>(pub(crate) T);

impl<T: Serialize> Responder for Secret<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
            .insert_header(json())
            .body(to_json(&self.0))
    }
}

impl<T: Apiv2Schema> Apiv2Schema for Secret<T> {
    fn name() -> Option<String> {
        T::name()
    }

    fn raw_schema() -> DefaultSchemaRaw {
        T::raw_schema()
    }
}

impl<T: Apiv2Schema + Example + Serialize> OperationModifier for Secret<T> {
    fn update_response(op: &mut DefaultOperationRaw) {
        describe::<T>(op, StatusCode::OK, &[]);
    }

    fn update_definitions(map: &mut BTreeMap<String, DefaultSchemaRaw>) {
        define::<T>(map);
    }
}
