use std::collections::BTreeMap;
use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderName, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, Responder};
use application::{Error, Response, Storable, StoredResponse as Stored};
use domain::customers::CustomerId;
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw, Either};
use paperclip::v2::schema::Apiv2Schema;

use super::stored::StoredResponse;
use super::{Body, NoContent, PRIVATE, define, describe, json, to_json};
use crate::etag::etag;
use crate::openapi::header;

pub(crate) const REPLAYED: &str = "Idempotency-Replayed";

/// A response, rendered.
pub(crate) struct Answer {
    response: StoredResponse,
    /// The customer whose personal data the body holds, if it holds any.
    personal_to: Option<CustomerId>,
}

impl Storable for Answer {
    fn to_stored(&self) -> Stored {
        Stored { content: self.response.clone().encode(), personal_to: self.personal_to }
    }
}

/// A response to a request that may carry an idempotency key.
pub(crate) struct Kept<T> {
    response: StoredResponse,
    replayed: bool,
    outcome: PhantomData<T>,
}

impl<T: Outcome> TryFrom<Response<Answer>> for Kept<T> {
    type Error = Error;

    fn try_from(response: Response<Answer>) -> Result<Self, Error> {
        let unreadable = || Error::Internal("the response stored with the key cannot be read".into());
        let (response, replayed) = match response {
            Response::First(answer) => (answer.response, false),
            Response::Replayed(stored) => (StoredResponse::decode(&stored.content).ok_or_else(unreadable)?, true),
        };
        Ok(Self { response, replayed, outcome: PhantomData })
    }
}

/// How a POST ends when all is well.
pub(crate) trait Outcome {
    type Body: Apiv2Schema;
    const STATUS: StatusCode;

    fn describe(op: &mut DefaultOperationRaw);
    fn define(definitions: &mut BTreeMap<String, DefaultSchemaRaw>);
}

/// 201 with what was created.
pub(crate) struct Created<T>(PhantomData<T>);

/// 200 with what was changed.
pub(crate) struct Updated<T>(PhantomData<T>);

macro_rules! outcomes {
    ($($outcome:ident = $status:ident, $headers:expr;)*) => {$(
        impl<T: Body> Outcome for $outcome<T> {
            type Body = T;
            const STATUS: StatusCode = StatusCode::$status;

            fn describe(op: &mut DefaultOperationRaw) {
                describe::<T>(op, Self::STATUS, &$headers);
            }

            fn define(definitions: &mut BTreeMap<String, DefaultSchemaRaw>) {
                define::<T>(definitions);
            }
        }
    )*};
}

outcomes! {
    Created = CREATED, ["Location", "ETag", REPLAYED];
    Updated = OK, ["ETag", REPLAYED];
}

impl Outcome for NoContent {
    type Body = Self;
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn describe(op: &mut DefaultOperationRaw) {
        <Self as OperationModifier>::update_response(op);
        if let Some(response) = op.responses.get_mut(Self::STATUS.as_str()).and_then(Either::right_mut) {
            response.headers.insert(REPLAYED.to_owned(), header(REPLAYED));
        }
    }

    fn define(_: &mut BTreeMap<String, DefaultSchemaRaw>) {}
}

impl NoContent {
    pub(crate) fn answer() -> Answer {
        let status = Self::STATUS.as_u16();
        let response = StoredResponse { status, location: None, etag: None, body: Vec::new() };
        Answer { response, personal_to: None }
    }
}

impl<T: Body> Created<T> {
    pub(crate) fn at(location: String, body: &T) -> Answer {
        answer(Self::STATUS, Some(location), body)
    }
}

impl<T: Body> Updated<T> {
    pub(crate) fn with(body: &T) -> Answer {
        answer(Self::STATUS, None, body)
    }
}

fn answer(status: StatusCode, location: Option<String>, body: &impl Body) -> Answer {
    let json = to_json(body);
    let (etag, personal_to) = (Some(etag(body.version(), &json)), body.personal_to());
    Answer { response: StoredResponse { status: status.as_u16(), location, etag, body: json }, personal_to }
}

impl<T: Outcome> Responder for Kept<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Self { response: answer, replayed, .. } = self;
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
        response.insert_header(json()).body(answer.body)
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

    fn update_definitions(map: &mut BTreeMap<String, DefaultSchemaRaw>) {
        T::define(map);
    }
}
