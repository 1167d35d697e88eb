use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use domain::Page;
use serde::Serialize;

use super::resource::{conditional, header};
use super::{PRIVATE, Respond, success, to_json};
use crate::context::{RenderedResponse, RequestContext, Seal};
use crate::operation::Signature;
use crate::problem::Problem;
use crate::schema::{self, Apiv2Schema, ResponseBody};
use crate::{cursor, etag};

/// 200 with a page of a list, and the way to the next one.
pub(crate) struct List<T> {
    name: &'static str,
    page: Page<T>,
}

/// The body of a page.
#[derive(Serialize)]
pub(crate) struct PageBody<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl<T: Serialize> List<T> {
    /// A page of the list `name`; a cursor is good only for a list of the same name.
    pub(crate) fn new<D>(name: &'static str, page: Page<D>, present: impl FnMut(D) -> T) -> Self {
        Self { name, page: page.map(present) }
    }

    /// The items of the page.
    pub(super) fn items(&self) -> &[T] {
        &self.page.items
    }

    /// The page as it is sent in response to a request for `path` and `query`.
    pub(crate) fn rendered(self, path: &str, query: &str, seal: &Seal) -> RenderedResponse {
        self.rendered_as(path, query, seal, |items, next_cursor| PageBody { items, next_cursor })
    }

    /// [`Self::rendered`] with a body that has more than items and the next cursor.
    pub(crate) fn rendered_as<B: Serialize>(
        self,
        path: &str,
        query: &str,
        seal: &Seal,
        body: impl FnOnce(Vec<T>, Option<String>) -> B,
    ) -> RenderedResponse {
        let next_cursor = self.page.next.as_ref().map(|next| cursor::encode(seal, self.name, next));
        let link = next_cursor.as_deref().and_then(|cursor| HeaderValue::try_from(link(path, query, cursor)).ok());
        let body = to_json(&body(self.page.items, next_cursor));
        RenderedResponse { etag: header(etag::etag(None, &body)), link, body: body.into() }
    }
}

impl<T: ResponseBody> Respond for List<T> {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        let uri = context.http.uri();
        let rendered = self.rendered(uri.path(), uri.query().unwrap_or_default(), &context.state.seal);
        conditional(context, PRIVATE, rendered)
    }

    fn describe(signature: &mut Signature) {
        success::<PageBody<T>>(signature, StatusCode::OK, &["ETag", "Link"]);
    }
}

/// The same request with another cursor.
pub(super) fn link(path: &str, query: &str, cursor: &str) -> String {
    let others = query.split('&').filter(|param| !param.is_empty() && !param.starts_with("cursor="));
    let params: Vec<_> = others.map(ToOwned::to_owned).chain([format!("cursor={cursor}")]).collect();
    format!("<{path}?{}>; rel=\"next\"", params.join("&"))
}

impl<T: ResponseBody> ResponseBody for PageBody<T> {
    const IS_PAGE: bool = true;

    fn example() -> Self {
        Self { items: vec![T::example()], next_cursor: None }
    }
}

impl<T: Apiv2Schema> Apiv2Schema for PageBody<T> {
    fn name() -> Option<String> {
        T::name().map(|name| format!("{name}Page"))
    }

    fn raw_schema() -> schema::DefaultSchemaRaw {
        schema::page::<T>()
    }
}
