use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use application::{Error, Response, Storable, StoredResponse};

use super::idempotent::Outcome;
use super::{Idempotent, NO_STORE, Rendered, Respond, fixed};
use crate::context::RequestContext;
use crate::operation::Signature;
use crate::problem::Problem;

/// The response to a POST that shows a secret the first time: what is shown, and what is kept with the key, which has no
/// secret.
pub(crate) struct ShownOnce {
    pub(crate) shown: Rendered,
    pub(crate) kept: Rendered,
}

impl Storable for ShownOnce {
    fn to_stored(&self) -> StoredResponse {
        self.kept.to_stored()
    }
}

/// The response to a POST with a secret, which no cache may keep. A repeated request gets it without the secret.
pub(crate) struct SecretOnce<T>(Idempotent<T>);

impl<T> TryFrom<Response<ShownOnce>> for SecretOnce<T> {
    type Error = Error;

    fn try_from(response: Response<ShownOnce>) -> Result<Self, Error> {
        let response = match response {
            Response::First(ShownOnce { shown, .. }) => Response::First(shown),
            Response::Replayed(stored) => Response::Replayed(stored),
        };
        response.try_into().map(Self)
    }
}

impl<T: Outcome> Respond for SecretOnce<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        let mut response = self.0.respond(context)?;
        let (name, value) = fixed(CACHE_CONTROL, NO_STORE);
        response.headers_mut().insert(name, value);
        Ok(response)
    }

    fn describe(signature: &mut Signature) {
        Idempotent::<T>::describe(signature);
    }
}
