use std::io;
use std::marker::PhantomData;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use domain::{Limit, Page, PageRequest};
use futures_util::StreamExt as _;
use futures_util::stream::{self, LocalBoxStream};
use serde_json::json;

use super::{NO_STORE, Respond, fixed};
use crate::context::RequestContext;
use crate::operation::{Signature, Success};
use crate::problem::Problem;

/// How a file is written down.
pub(crate) trait FileType {
    /// The value of `Content-Type`.
    const CONTENT_TYPE: &'static str;
    /// The media type alone.
    const MEDIA_TYPE: &'static str;
    /// What it is, for the API document.
    const DESCRIPTION: &'static str;
}

/// Comma-separated values with a header.
pub(crate) struct Csv;

impl FileType for Csv {
    const CONTENT_TYPE: &'static str = "text/csv; charset=utf-8; header=present";
    const MEDIA_TYPE: &'static str = "text/csv";
    const DESCRIPTION: &'static str = "A CSV file.";
}

/// A JSON object in each line.
pub(crate) struct Ndjson;

impl FileType for Ndjson {
    const CONTENT_TYPE: &'static str = Self::MEDIA_TYPE;
    const MEDIA_TYPE: &'static str = "application/x-ndjson";
    const DESCRIPTION: &'static str = "A JSON object in each line.";
}

/// 200 with a file, read and sent page by page. A client that goes away ends the reading. If the database fails meanwhile,
/// the connection breaks off, so that nobody takes a part for the whole.
pub(crate) struct PagedFile<T> {
    name: &'static str,
    pages: LocalBoxStream<'static, io::Result<Bytes>>,
    file_type: PhantomData<T>,
}

/// A CSV file.
pub(crate) type CsvFile = PagedFile<Csv>;

/// A file with a JSON object in each line.
pub(crate) type NdjsonFile = PagedFile<Ndjson>;

impl<T: FileType> PagedFile<T> {
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
        // Nothing empty is sent: it would be the end of a body in chunks.
        let pages = head.chain(pages).filter(|sent| {
            let is_sent = !matches!(sent, Ok(bytes) if bytes.is_empty());
            async move { is_sent }
        });
        Self { name, pages: pages.boxed_local(), file_type: PhantomData }
    }

    /// A file with the whole of a list. `page` reads a page of it, as the lines of the file.
    pub(crate) fn of_list<F>(name: &'static str, head: Vec<u8>, page: impl Fn(PageRequest) -> F + 'static) -> Self
    where
        F: Future<Output = Result<Page<Vec<u8>>, application::Error>> + 'static,
    {
        let first = PageRequest { limit: Limit::LARGEST, after: None };
        Self::paged(name, head, Some(first), move |place| {
            let read = place.map(&page);
            async move {
                let Some(read) = read else { return Ok(None) };
                let Page { items, next } = read.await?;
                let next = next.map(|after| PageRequest { limit: Limit::LARGEST, after: Some(after) });
                Ok(Some((items.concat(), next)))
            }
        })
    }
}

impl<T: FileType> PagedFile<T> {
    /// The response with the file.
    pub(crate) fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.insert_header(fixed(CONTENT_TYPE, T::CONTENT_TYPE));
        response.insert_header(fixed(CACHE_CONTROL, NO_STORE));
        response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)));
        response.streaming(self.pages)
    }
}

impl<T: FileType> Respond for PagedFile<T> {
    fn respond(self, _: &RequestContext) -> Result<HttpResponse, Problem> {
        Ok(self.into_response())
    }

    fn describe(signature: &mut Signature) {
        signature.success = Some(Success {
            status: StatusCode::OK,
            description: T::DESCRIPTION,
            media_type: T::MEDIA_TYPE,
            schema: Some(json!({ "type": "string" })),
            ..Success::default()
        });
    }
}
