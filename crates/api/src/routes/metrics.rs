//! What the server counts. Keep it behind the proxy: it needs no token, as Prometheus has none.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

use super::health::TAG;
use crate::context::{RequestContext, State};
use crate::operation::{Operation, Signature, Success};
use crate::problem::Problem;
use crate::respond::{Respond, no_store};

/// The text format of Prometheus.
pub(crate) struct Text(String);

impl Respond for Text {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        Ok(no_store("text/plain; version=0.0.4; charset=utf-8", self.0))
    }

    fn describe(signature: &mut Signature) {
        signature.success = Some(Success {
            status: StatusCode::OK,
            description: "The text format of Prometheus.",
            media_type: "text/plain",
            headers: &[],
            schema: Some(json!({ "type": "string" })),
        });
    }
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "metrics", "Show metrics for Prometheus", "Keep it behind the proxy.");

pub(crate) async fn show(state: Arc<State>) -> Text {
    Text(state.metrics.text())
}
