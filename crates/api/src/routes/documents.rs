//! The document of the API. It stands beside the API, so it does not describe itself.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::Responder;
use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use paperclip::actix::{OperationModifier, api_v2_operation};
use paperclip::v2::schema::Apiv2Schema;

use crate::etag::{Tags, etag};
use crate::openapi::{Format, document};

/// A form of the document, or 304 if the client has it already.
pub(crate) struct Document(Format);

impl Responder for Document {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let text = document(self.0);
        let etag = etag(None, text.as_bytes());
        let media_type = match self.0 {
            Format::OpenapiJson => "application/json",
            Format::SwaggerYaml | Format::OpenapiYaml => "application/yaml",
        };
        let known = matches!(Tags::of(req.headers(), &IF_NONE_MATCH), Ok(Some(tags)) if tags.names(&etag));
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((CACHE_CONTROL, HeaderValue::from_static("public, no-cache")));
        response.insert_header((ETAG, etag));
        if known {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static(media_type))).body(text)
    }
}

impl Apiv2Schema for Document {}
impl OperationModifier for Document {}

#[api_v2_operation(skip)]
pub(crate) async fn swagger_yaml() -> Document {
    Document(Format::SwaggerYaml)
}

#[api_v2_operation(skip)]
pub(crate) async fn openapi_yaml() -> Document {
    Document(Format::OpenapiYaml)
}

#[api_v2_operation(skip)]
pub(crate) async fn openapi_json() -> Document {
    Document(Format::OpenapiJson)
}
