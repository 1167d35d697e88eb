use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::LocalBoxStream;
use serde_json::json;

use super::{NO_STORE, Respond, fixed};
use crate::context::RequestContext;
use crate::operation::{Signature, Success};
use crate::problem::Problem;

const MEDIA_TYPE: &str = "text/event-stream";

/// 200 with Server-Sent Events, as the HTML Standard has them.
pub(crate) struct EventStream(pub(crate) LocalBoxStream<'static, Bytes>);

impl Respond for EventStream {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let mut response = HttpResponse::Ok();
        response.insert_header(fixed(CONTENT_TYPE, MEDIA_TYPE)).insert_header(fixed(CACHE_CONTROL, NO_STORE));
        Ok(response.streaming(self.0.map(Ok::<_, Infallible>)))
    }

    fn describe(signature: &mut Signature) {
        signature.success = Some(Success {
            status: StatusCode::OK,
            description: "OK",
            media_type: MEDIA_TYPE,
            schema: Some(json!({ "type": "string" })),
            ..Success::default()
        });
    }
}
