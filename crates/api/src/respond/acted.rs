use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION};

use super::{JSON, NO_STORE, REPLAYED, Respond, fixed, success, to_json};
use crate::context::RequestContext;
use crate::operation::Signature;
use crate::problem::Problem;
use crate::schema::ResponseBody;

/// The response to a POST that reaches a payment provider. No cache may keep it: it may hold a secret of the customer.
///
/// 202 as long as the provider has not answered; then 201 if something new was written and `CREATES`, else 200.
pub(crate) struct Acted<T, const CREATES: bool> {
    pub(crate) body: T,
    /// Where it is found again.
    pub(crate) location: String,
    /// Whether the provider has answered.
    pub(crate) is_finished: bool,
    /// Whether something new was written.
    pub(crate) is_new: bool,
    /// Whether the request was a repeated one.
    pub(crate) is_replayed: bool,
}

/// 201, or 200, or 202 with a payment or refund.
pub(crate) type Begun<T> = Acted<T, true>;

/// 200 or 202 with a payment.
pub(crate) type CarriedOut<T> = Acted<T, false>;

impl<T, const CREATES: bool> Acted<T, CREATES> {
    const fn status(&self) -> StatusCode {
        match self {
            Self { is_new: true, is_finished: false, .. } => StatusCode::ACCEPTED,
            Self { is_new: true, .. } if CREATES => StatusCode::CREATED,
            _ => StatusCode::OK,
        }
    }
}

impl<T: ResponseBody, const CREATES: bool> Respond for Acted<T, CREATES> {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let status = self.status();
        let mut response = HttpResponse::build(status);
        response.insert_header(fixed(CACHE_CONTROL, NO_STORE)).insert_header(fixed(CONTENT_TYPE, JSON));
        if status != StatusCode::OK {
            response.insert_header((LOCATION, self.location));
        }
        if self.is_replayed {
            response.insert_header(fixed(HeaderName::from_static("idempotency-replayed"), "true"));
        }
        Ok(response.body(to_json(&self.body)))
    }

    fn describe(signature: &mut Signature) {
        let status = if CREATES { StatusCode::CREATED } else { StatusCode::OK };
        success::<T>(signature, status, &["Location", REPLAYED]);
        signature.also.push(StatusCode::ACCEPTED);
        if CREATES {
            signature.also.push(StatusCode::OK);
        }
    }
}
