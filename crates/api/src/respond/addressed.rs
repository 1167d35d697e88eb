use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, LOCATION, VARY};

use super::resource::header;
use super::{Cached, PRIVATE, Respond, fixed};
use crate::context::RequestContext;
use crate::operation::Signature;
use crate::problem::Problem;
use crate::schema::ResponseBody;

/// What an address leads to, or 308 to the address that it has now. The old one may be the current one again some day, so
/// that caches ask before they follow it.
pub(crate) enum Addressed<T> {
    Here(Cached<T>),
    Moved(String),
}

impl<T> Addressed<T> {
    /// A redirect to the current path of a resource. It keeps the query.
    pub(crate) fn moved(path: &str, query: &str) -> Self {
        Self::Moved(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
    }
}

impl<T: ResponseBody> Respond for Addressed<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        let place = match self {
            Self::Here(found) => return found.respond(context),
            Self::Moved(place) => place,
        };
        let mut response = HttpResponse::PermanentRedirect();
        response.insert_header(fixed(CACHE_CONTROL, PRIVATE)).insert_header(fixed(VARY, "Authorization"));
        Ok(response.insert_header((LOCATION, header(place))).finish())
    }

    fn describe(signature: &mut Signature) {
        Cached::<T>::describe(signature);
        signature.moves = true;
    }
}
