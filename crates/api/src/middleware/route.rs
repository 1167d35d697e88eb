use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;

/// The route of a request, such as `/api/v1/products/{id}`.
#[derive(Clone)]
struct Route(Option<Arc<str>>);

/// The route of a request; `None` if it has none. It is looked for once, which means trying one pattern after another.
pub(crate) fn route(request: &ServiceRequest) -> Option<Arc<str>> {
    if let Some(Route(known)) = request.extensions().get::<Route>() {
        return known.clone();
    }
    let found: Option<Arc<str>> = request.match_pattern().map(Arc::from);
    request.extensions_mut().insert(Route(found.clone()));
    found
}
