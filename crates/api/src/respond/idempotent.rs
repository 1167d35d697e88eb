use std::marker::PhantomData;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, LOCATION};
use application::{Error, Response, Storable, StoredResponse as Stored};
use domain::customers::CustomerId;

use super::stored::StoredResponse;
use super::{Body, JSON, NoContent, PRIVATE, Respond, fixed, no_content, success, to_json};
use crate::context::RequestContext;
use crate::etag::etag;
use crate::operation::Signature;
use crate::problem::Problem;

pub(crate) const REPLAYED: &str = "Idempotency-Replayed";

/// The rendered response to a POST.
pub(crate) struct Rendered {
    response: StoredResponse,
    /// The customer whose personal data the body shows, if it shows any.
    personal_to: Option<CustomerId>,
}

impl Storable for Rendered {
    fn to_stored(&self) -> Stored {
        Stored { content: self.response.clone().encode(), personal_to: self.personal_to }
    }
}

/// The response to a POST, which is stored with its `Idempotency-Key` so that it can be sent again.
pub(crate) struct Idempotent<T> {
    response: StoredResponse,
    replayed: bool,
    outcome: PhantomData<T>,
}

impl<T> TryFrom<Response<Rendered>> for Idempotent<T> {
    type Error = Error;

    fn try_from(response: Response<Rendered>) -> Result<Self, Error> {
        let unreadable = || Error::Internal("the response stored with the key cannot be read".into());
        let (response, replayed) = match response {
            Response::First(rendered) => (rendered.response, false),
            Response::Replayed(stored) => (StoredResponse::decode(&stored.content).ok_or_else(unreadable)?, true),
        };
        Ok(Self { response, replayed, outcome: PhantomData })
    }
}

/// How a POST ends when all is well.
pub(crate) trait Outcome {
    fn describe(signature: &mut Signature);
}

/// 201 with what was created.
pub(crate) struct Created<T>(PhantomData<T>);

/// 202 with what is done afterwards.
pub(crate) struct Accepted<T>(PhantomData<T>);

/// 200 with what was changed.
pub(crate) struct Updated<T>(PhantomData<T>);

impl<T: Body> Outcome for Created<T> {
    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::CREATED, &["Location", "ETag", REPLAYED]);
    }
}

impl<T: Body> Outcome for Accepted<T> {
    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::ACCEPTED, &["ETag", REPLAYED]);
    }
}

impl<T: Body> Outcome for Updated<T> {
    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::OK, &["ETag", REPLAYED]);
    }
}

impl Outcome for NoContent {
    fn describe(signature: &mut Signature) {
        no_content(signature, &[REPLAYED]);
    }
}

impl NoContent {
    pub(crate) fn rendered() -> Rendered {
        let status = StatusCode::NO_CONTENT.as_u16();
        let response = StoredResponse { status, location: None, etag: None, body: Vec::new() };
        Rendered { response, personal_to: None }
    }
}

impl<T: Body> Created<T> {
    pub(crate) fn at(location: String, body: &T) -> Rendered {
        rendered(StatusCode::CREATED, Some(location), body)
    }
}

impl<T: Body> Accepted<T> {
    pub(crate) fn with(body: &T) -> Rendered {
        rendered(StatusCode::ACCEPTED, None, body)
    }
}

impl<T: Body> Updated<T> {
    pub(crate) fn with(body: &T) -> Rendered {
        rendered(StatusCode::OK, None, body)
    }
}

fn rendered(status: StatusCode, location: Option<String>, body: &impl Body) -> Rendered {
    let json = to_json(body);
    let (etag, personal_to) = (Some(etag(body.version(), &json)), body.personal_to());
    Rendered { response: StoredResponse { status: status.as_u16(), location, etag, body: json }, personal_to }
}

impl<T: Outcome> Respond for Idempotent<T> {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let Self { response: stored, replayed, .. } = self;
        let mut response = HttpResponse::build(StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK));
        response.insert_header(fixed(CACHE_CONTROL, PRIVATE));
        if let Some(location) = stored.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(etag) = stored.etag {
            response.insert_header((ETAG, etag));
        }
        if replayed {
            response.insert_header(fixed(HeaderName::from_static("idempotency-replayed"), "true"));
        }
        if stored.body.is_empty() {
            return Ok(response.finish());
        }
        Ok(response.insert_header(fixed(CONTENT_TYPE, JSON)).body(stored.body))
    }

    fn describe(signature: &mut Signature) {
        T::describe(signature);
    }
}
