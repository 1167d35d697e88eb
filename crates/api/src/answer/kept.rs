use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ContentType, ETAG, HeaderName, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, Responder};
use application::{Answer, Replayable};
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw};
use paperclip::v2::schema::Apiv2Schema;

use super::{Body, NoContent, PRIVATE, describe, to_json};
use crate::etag::etag;

/// An answer that is kept with an idempotency key, so that it can be given again.
pub(crate) struct Kept<T> {
    kept: Replayable,
    outcome: PhantomData<T>,
}

impl<T: Outcome> From<Replayable> for Kept<T> {
    fn from(kept: Replayable) -> Self {
        Self { kept, outcome: PhantomData }
    }
}

/// How a POST ends when all is well.
pub(crate) trait Outcome {
    type Body: Apiv2Schema;
    const STATUS: StatusCode;

    fn describe(op: &mut DefaultOperationRaw) {
        describe::<Self::Body>(op, Self::STATUS);
    }
}

/// 201 with what was created.
pub(crate) struct Created<T>(PhantomData<T>);

/// 200 with what was changed.
pub(crate) struct Updated<T>(PhantomData<T>);

impl<T: Body> Outcome for Created<T> {
    type Body = T;
    const STATUS: StatusCode = StatusCode::CREATED;
}

impl<T: Body> Outcome for Updated<T> {
    type Body = T;
    const STATUS: StatusCode = StatusCode::OK;
}

impl Outcome for NoContent {
    type Body = Self;
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn describe(op: &mut DefaultOperationRaw) {
        <Self as OperationModifier>::update_response(op);
    }
}

impl NoContent {
    pub(crate) fn answer() -> Answer {
        Answer { status: Self::STATUS.as_u16(), location: None, etag: None, body: Vec::new() }
    }
}

impl<T: Body> Created<T> {
    pub(crate) fn at(location: String, body: &T) -> Answer {
        Answer { location: Some(location), ..answer(Self::STATUS, body) }
    }
}

impl<T: Body> Updated<T> {
    pub(crate) fn with(body: &T) -> Answer {
        answer(Self::STATUS, body)
    }
}

fn answer(status: StatusCode, body: &impl Body) -> Answer {
    let json = to_json(body);
    Answer { status: status.as_u16(), location: None, etag: Some(etag(body.version(), &json)), body: json }
}

impl<T: Outcome> Responder for Kept<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Replayable { answer, replayed } = self.kept;
        let mut response = HttpResponse::build(StatusCode::from_u16(answer.status).unwrap_or(T::STATUS));
        response.insert_header((CACHE_CONTROL, HeaderValue::from_static(PRIVATE)));
        if let Some(location) = answer.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(etag) = answer.etag {
            response.insert_header((ETAG, etag));
        }
        if replayed {
            response.insert_header((HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true")));
        }
        if answer.body.is_empty() {
            return response.finish();
        }
        response.content_type(ContentType::json()).body(answer.body)
    }
}

impl<T: Outcome> Apiv2Schema for Kept<T> {
    fn name() -> Option<String> {
        T::Body::name()
    }

    fn raw_schema() -> DefaultSchemaRaw {
        T::Body::raw_schema()
    }
}

impl<T: Outcome> OperationModifier for Kept<T> {
    fn update_response(op: &mut DefaultOperationRaw) {
        T::describe(op);
    }
}
