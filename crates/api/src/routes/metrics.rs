//! What the server counts. Keep it behind the proxy: it needs no token, as Prometheus has none.

use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use paperclip::actix::{OperationModifier, api_v2_operation};
use paperclip::v2::models::{DefaultOperationRaw, Either, Response};
use paperclip::v2::schema::Apiv2Schema;

use crate::state::State;

/// The text format of Prometheus.
pub(crate) struct Text(String);

impl Responder for Text {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
            .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8")))
            .body(self.0)
    }
}

impl Apiv2Schema for Text {}

impl OperationModifier for Text {
    fn update_response(op: &mut DefaultOperationRaw) {
        let described = Response {
            description: Some("The text format of Prometheus.".to_owned()),
            schema: Some(String::raw_schema()),
            ..Response::default()
        };
        op.responses.insert("200".to_owned(), Either::Right(described));
    }
}

/// What the server counts, for Prometheus
///
/// Keep it behind the proxy.
#[api_v2_operation(tags(Health), operation_id = "metrics", produces = "text/plain")]
pub(crate) async fn show(state: Data<State>) -> Text {
    Text(state.metrics.text())
}
