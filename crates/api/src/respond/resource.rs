use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, LINK, LOCATION, VARY};
use actix_web::http::{Method, StatusCode};

use super::{Body, JSON, NO_STORE, PRIVATE, PUBLIC, Respond, no_content, no_store, success, to_json};
use crate::context::{Identity, RenderedResponse, RequestContext};
use crate::etag::{Tags, etag};
use crate::operation::Signature;
use crate::problem::{Kind, Problem};
use crate::schema::ResponseBody;

/// 200 with a resource, or 304 if the client has it already.
pub(crate) struct Resource<T>(pub(crate) T);

impl<T: Body> Respond for Resource<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        let body = to_json(&self.0);
        conditional(
            context,
            PRIVATE,
            RenderedResponse { etag: header(etag(self.0.version(), &body)), link: None, body: body.into() },
        )
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::OK, &["ETag"]);
    }
}

/// 200 with a rendered response about the catalogue that may come out of the cache, or 304 if the client has it already.
pub(crate) struct Cached<T> {
    rendered: Arc<RenderedResponse>,
    body: PhantomData<T>,
}

impl<T> From<Arc<RenderedResponse>> for Cached<T> {
    fn from(rendered: Arc<RenderedResponse>) -> Self {
        Self { rendered, body: PhantomData }
    }
}

/// A resource as it is sent.
pub(crate) fn rendered(body: &impl Body) -> RenderedResponse {
    let json = to_json(body);
    RenderedResponse { etag: header(etag(body.version(), &json)), link: None, body: json.into() }
}

impl<T: ResponseBody> Respond for Cached<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        let public = context.state.catalog_public && !matches!(context.identity, Identity::Known(_));
        let scope = if public { PUBLIC } else { PRIVATE };
        conditional(context, scope, RenderedResponse::clone(&self.rendered))
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::OK, if T::IS_PAGE { &["ETag", "Link"] } else { &["ETag"] });
    }
}

/// 200 with the body, or 304 if the client reads and names its tag. Caches may keep it but must ask before each use, and
/// it is another for another caller.
pub(super) fn conditional(
    context: &RequestContext,
    scope: &'static str,
    RenderedResponse { etag, link, body }: RenderedResponse,
) -> Result<HttpResponse, Problem> {
    let is_current = *context.http.method() == Method::GET && names(context, &etag)?;
    let mut response = HttpResponse::new(if is_current { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(scope));
    headers.insert(VARY, HeaderValue::from_static("Authorization"));
    headers.insert(ETAG, etag);
    if let Some(link) = link {
        headers.insert(LINK, link);
    }
    if is_current {
        return Ok(response);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    Ok(response.set_body(body).map_into_boxed_body())
}

/// The value of a header made of ASCII, so that the error cannot occur.
pub(super) fn header(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// Whether the client names the tag as one that it has.
fn names(context: &RequestContext, etag: &HeaderValue) -> Result<bool, Problem> {
    let message = "If-None-Match must be * or a list of entity tags such as \"3-0a1b2c3d\".";
    let tags = Tags::of(context.headers(), &IF_NONE_MATCH).map_err(|_| Problem::new(Kind::BAD_HEADER, message))?;
    Ok(tags.is_some_and(|tags| tags.names(etag.to_str().unwrap_or_default())))
}

/// 200 with a body that no cache may keep, such as tokens.
pub(crate) struct NoStore<T>(pub(crate) T);

impl<T: ResponseBody> Respond for NoStore<T> {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        Ok(no_store(JSON, to_json(&self.0)))
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::OK, &[]);
    }
}

/// 201 with what was created, or 200 with what stands already.
pub(crate) struct CreatedOrFound<T> {
    pub(crate) body: T,
    /// Where it is found again.
    pub(crate) location: String,
    /// Whether it was created.
    pub(crate) is_new: bool,
}

impl<T: ResponseBody> Respond for CreatedOrFound<T> {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let mut response = if self.is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
        response.insert_header((CACHE_CONTROL, NO_STORE)).insert_header((CONTENT_TYPE, JSON));
        Ok(response.insert_header((LOCATION, self.location)).body(to_json(&self.body)))
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::CREATED, &["Location"]);
        signature.also.push(StatusCode::OK);
    }
}

/// 202 with the state of what is done afterwards.
pub(crate) struct Taken<T>(pub(crate) T);

impl<T: ResponseBody> Respond for Taken<T> {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let mut response = HttpResponse::Accepted();
        response.insert_header((CACHE_CONTROL, NO_STORE)).insert_header((CONTENT_TYPE, JSON));
        Ok(response.body(to_json(&self.0)))
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::ACCEPTED, &[]);
    }
}

/// 204: done, and nothing to show.
pub(crate) struct NoContent;

impl Respond for NoContent {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        Ok(HttpResponse::NoContent().finish())
    }

    fn describe(signature: &mut Signature) {
        no_content(signature, &[]);
    }
}
