use std::io;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, LocalBoxStream};
use serde_json::json;

use super::{NO_STORE, Respond, fixed};
use crate::context::RequestContext;
use crate::operation::{Signature, Success};
use crate::problem::Problem;

/// 200 with a CSV file, read and sent page by page. If the database fails meanwhile, the connection breaks off, so that
/// nobody takes a part for the whole.
pub(crate) struct CsvFile {
    name: &'static str,
    pages: LocalBoxStream<'static, io::Result<Bytes>>,
}

impl CsvFile {
    /// A file that begins with `head`. `page` reads what comes after a place, and the place after that; `None` at the end.
    pub(crate) fn paged<P, F>(name: &'static str, head: Vec<u8>, first: P, page: impl Fn(P) -> F + 'static) -> Self
    where
        P: 'static,
        F: Future<Output = Result<Option<(Vec<u8>, P)>, application::Error>> + 'static,
    {
        let pages = stream::try_unfold((first, page), async |(place, page)| match page(place).await {
            Ok(None) => Ok(None),
            Ok(Some((bytes, next))) => Ok(Some((Bytes::from(bytes), (next, page)))),
            Err(error) => {
                tracing::error!(%error, "a file broke off");
                Err(io::Error::other("the file broke off"))
            }
        });
        let head = stream::once(async { Ok(Bytes::from(head)) });
        Self { name, pages: head.chain(pages).boxed_local() }
    }
}

impl Respond for CsvFile {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        let mut response = HttpResponse::Ok();
        response.insert_header(fixed(CONTENT_TYPE, "text/csv; charset=utf-8; header=present"));
        response.insert_header(fixed(CACHE_CONTROL, NO_STORE));
        response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)));
        Ok(response.streaming(self.pages))
    }

    fn describe(signature: &mut Signature) {
        signature.success = Some(Success {
            status: StatusCode::OK,
            description: "A CSV file.",
            media_type: "text/csv",
            schema: Some(json!({ "type": "string" })),
            ..Success::default()
        });
    }
}
