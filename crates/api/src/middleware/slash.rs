use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION};

use crate::context::RequestContext;
use crate::routes::table;

/// 308 to the path without the slash at its end, if there is one and a route without it. Method, body and query are to be
/// sent there again.
pub(super) fn without(context: &RequestContext) -> Option<HttpResponse> {
    let path = context.http.path();
    let shorter = path.trim_end_matches('/');
    if shorter.len() == path.len() {
        return None;
    }
    table().find(shorter, context.has_office)?;
    let query = context.http.uri().query();
    let place = query.map_or_else(|| shorter.to_owned(), |query| format!("{shorter}?{query}"));
    let mut response = HttpResponse::PermanentRedirect();
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    response.insert_header((LOCATION, HeaderValue::try_from(place).ok()?));
    Some(response.finish())
}
