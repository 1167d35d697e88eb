use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;

/// The route of a request, such as `/api/v1/products/{id}`, as `middleware::trace` found it.
#[derive(Clone, Copy)]
pub(super) struct Route(pub(super) Option<&'static str>);

/// The route of a request; `None` if it has none.
pub(crate) fn route(request: &ServiceRequest) -> Option<&'static str> {
    request.extensions().get::<Route>()?.0
}
