use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, LINK, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;

use super::{Body, JSON, PRIVATE, PUBLIC, Respond, fixed, no_content, no_store, success, to_json};
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
        conditional(context, PRIVATE, &etag(self.0.version(), &body), None, body)
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
    RenderedResponse { etag: etag(body.version(), &json), link: None, body: json.into() }
}

impl<T: ResponseBody> Respond for Cached<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        let public = context.state.catalog_public && !matches!(context.identity, Identity::Known(_));
        let scope = if public { PUBLIC } else { PRIVATE };
        let body = Bytes::from_owner(self.rendered.body.clone());
        conditional(context, scope, &self.rendered.etag, self.rendered.link.as_deref(), body)
    }

    fn describe(signature: &mut Signature) {
        success::<T>(signature, StatusCode::OK, if T::IS_PAGE { &["ETag", "Link"] } else { &["ETag"] });
    }
}

/// 200 with `body`, or 304 if the client reads and names its tag. Caches may keep it but must ask before each use, and
/// it is another for another caller.
pub(super) fn conditional(
    context: &RequestContext,
    scope: &'static str,
    etag: &str,
    link: Option<&str>,
    body: impl MessageBody + 'static,
) -> Result<HttpResponse, Problem> {
    let is_current = *context.http.method() == Method::GET && names(context, etag)?;
    let mut response = HttpResponse::build(if is_current { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    response
        .insert_header(fixed(CACHE_CONTROL, scope))
        .insert_header(fixed(VARY, "Authorization"))
        .insert_header((ETAG, etag));
    if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
        response.insert_header((LINK, link));
    }
    Ok(if is_current { response.finish() } else { response.insert_header(fixed(CONTENT_TYPE, JSON)).body(body) })
}

/// Whether the client names the tag as one that it has.
fn names(context: &RequestContext, etag: &str) -> Result<bool, Problem> {
    let message = "If-None-Match must be * or a list of entity tags such as \"3-0a1b2c3d\".";
    let tags = Tags::of(context.headers(), &IF_NONE_MATCH).map_err(|_| Problem::new(Kind::BAD_HEADER, message))?;
    Ok(tags.is_some_and(|tags| tags.names(etag)))
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
