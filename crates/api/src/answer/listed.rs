use std::collections::BTreeMap;

use super::RenderedResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse, Responder};
use domain::Page;
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DataType, DefaultOperationRaw, DefaultSchemaRaw};
use paperclip::v2::schema::Apiv2Schema;
use serde::Serialize;

use super::shown::answer;
use super::{define, describe, to_json};
use crate::etag::etag;
use crate::extract::{Question, cursor};
use crate::openapi::Example;
use crate::seal::Seal;
use crate::state::State;

/// 200 with a page of a list, and the way to the next one.
pub(crate) struct Listed<T> {
    list: &'static str,
    page: Page<T>,
}

/// The body of a page.
#[derive(Serialize)]
pub(crate) struct PageBody<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl<T> Listed<T> {
    /// A page of the list that is called `list`, as its cursors say.
    pub(crate) fn new<D>(list: &'static str, page: Page<D>, present: impl FnMut(D) -> T) -> Self {
        Self { list, page: page.map(present) }
    }
}

impl<T: Serialize + Apiv2Schema> Responder for Listed<T> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let (body, link) = page(self.list, self.page, &State::of(req).seal, req.path(), req.query_string());
        let mut response = answer(req, None, body);
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

/// A page as it is sent, with the way to the next one.
fn page<T: Serialize>(list: &str, page: Page<T>, seal: &Seal, path: &str, query: &str) -> (Vec<u8>, Option<String>) {
    let next_cursor = page.next.as_ref().map(|next| cursor::encode(seal, list, next));
    let link = next_cursor.as_deref().map(|cursor| link(path, query, cursor));
    (to_json(&PageBody { items: page.items, next_cursor }), link)
}

impl<T: Serialize> Listed<T> {
    /// The page, to be kept as the answer to `question`.
    pub(crate) fn ready(self, question: &Question, seal: &Seal) -> RenderedResponse {
        let (body, link) = page(self.list, self.page, seal, question.path(), question.query());
        RenderedResponse { etag: etag(None, &body), link, body: body.into() }
    }
}

/// The same request with another cursor.
fn link(path: &str, query: &str, cursor: &str) -> String {
    let others = query.split('&').filter(|param| !param.is_empty() && !param.starts_with("cursor="));
    let params: Vec<_> = others.map(ToOwned::to_owned).chain([format!("cursor={cursor}")]).collect();
    format!("<{path}?{}>; rel=\"next\"", params.join("&"))
}

impl<T: Example> Example for PageBody<T> {
    const IS_PAGE: bool = true;

    fn example() -> Self {
        Self { items: vec![T::example()], next_cursor: None }
    }
}

impl<T: Apiv2Schema> Apiv2Schema for PageBody<T> {
    fn name() -> Option<String> {
        T::name().map(|name| format!("{name}Page"))
    }

    fn raw_schema() -> DefaultSchemaRaw {
        let mut schema =
            DefaultSchemaRaw { name: Self::name(), data_type: Some(DataType::Object), ..Default::default() };
        schema.description = Some("A page of a list, and where the next one begins; null if there is none.".to_owned());
        schema.properties.insert("items".to_owned(), Vec::<T>::raw_schema().into());
        schema.properties.insert("next_cursor".to_owned(), String::raw_schema().into());
        schema.required.insert("items".to_owned());
        schema
    }
}

impl<T: Apiv2Schema> Apiv2Schema for Listed<T> {
    fn name() -> Option<String> {
        PageBody::<T>::name()
    }

    fn raw_schema() -> DefaultSchemaRaw {
        PageBody::<T>::raw_schema()
    }
}

impl<T: Apiv2Schema + Example + Serialize> OperationModifier for Listed<T> {
    fn update_response(op: &mut DefaultOperationRaw) {
        describe::<PageBody<T>>(op, StatusCode::OK, &["ETag", "Link"]);
    }

    fn update_definitions(map: &mut BTreeMap<String, DefaultSchemaRaw>) {
        define::<PageBody<T>>(map);
    }
}
