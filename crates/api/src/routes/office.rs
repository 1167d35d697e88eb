//! The pages of the office, which `crates/office` makes.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, LOCATION};
use actix_web::web::Bytes;
use futures_util::future::LocalBoxFuture;
use office::assets::Asset;
use office::{Incoming, Page, Sends, Sent, SentTable, Served};

use super::Route;
use super::table::{Run, at};
use crate::context::RequestContext;
use crate::extract::{
    ClientAddress, Extract as _, FileName, FileUpload, FormWithFiles, FormWithTable, LongForm, Path, RawBody,
};
use crate::problem::{Kind, Problem};
use crate::respond::compressed;

static PAGES: LazyLock<Vec<Served>> = LazyLock::new(office::pages);

/// Every page, and what they load.
pub(super) fn of_office() -> Vec<Route> {
    let mut routes = vec![at("/office").get_undocumented(folder), at(office::ASSETS_ROUTE).get_undocumented(asset)];
    for page in PAGES.iter() {
        let run: Box<Run> = Box::new(move |context| answer(page, context));
        match routes.iter().position(|route: &Route| route.path == page.path) {
            Some(place) => {
                let route = routes.remove(place);
                routes.insert(place, route.page(page.method.clone(), run));
            }
            None => routes.push(at(page.path).page(page.method.clone(), run)),
        }
    }
    routes
}

/// The office stands in a folder, so that addresses in its pages are relative to it.
async fn folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "office/")).finish()
}

fn answer<'a>(
    page: &'static Served,
    context: &'a mut RequestContext,
) -> LocalBoxFuture<'a, Result<HttpResponse, Problem>> {
    Box::pin(async move {
        let Some(office) = context.state.office.clone() else { return Err(nothing()) };
        // A database that cannot be asked for the session is no reason to log in again.
        if let crate::context::Identity::Refused(_) = &context.identity {
            context.logged_in()?;
        }
        let parameters = context.parameters().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let incoming = Incoming {
            path: context.http.path().to_owned(),
            parameters,
            query: context.http.uri().query().unwrap_or_default().to_owned(),
            headers: context.headers().clone(),
            visit: context.visit.take(),
            address: ClientAddress::of(context).0,
            is_https: context.is_https(),
            request_id: context.id().to_owned(),
        };
        match page.admit(&office, incoming) {
            Ok(admitted) => {
                let response = admitted.answer(sent(page, context).await?).await?;
                Ok(compressed(response, &context.http))
            }
            Err(refused) => Ok(*refused),
        }
    })
}

/// What a request sends to a page.
async fn sent(page: &Page, context: &mut RequestContext) -> Result<Sent, Problem> {
    match page.sends {
        Sends::Fields => {}
        Sends::Grid => return Ok(Sent { body: LongForm::extract(context).await?.0, ..Sent::default() }),
        Sends::Pictures => {
            let FormWithFiles { fields, files } = FormWithFiles::extract(context).await?;
            return Ok(Sent { fields, files, ..Sent::default() });
        }
        Sends::Table => {
            let FormWithTable { fields, file } = FormWithTable::extract(context).await?;
            let table = file.map(|FileUpload { file, length, .. }| SentTable { file, length });
            return Ok(Sent { fields, table, ..Sent::default() });
        }
    }
    if page.method == Method::GET {
        return Ok(Sent::default());
    }
    Ok(Sent { body: RawBody::extract(context).await?.bytes, ..Sent::default() })
}

/// A file, for a year: its name changes with its contents. The page of a server of another version asks for another
/// name of it. It gets the file of this version, which it may not keep.
async fn asset(name: Path<FileName>) -> Result<HttpResponse, Problem> {
    let (Asset { media_type, bytes, .. }, is_named_so) = Asset::named(&name.0.0).ok_or_else(nothing)?;
    let lifetime = if is_named_so { "public, max-age=31536000, immutable" } else { "no-store" };
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(media_type)));
    response.insert_header((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static(lifetime)));
    Ok(response.body(Bytes::from_static(bytes)))
}

fn nothing() -> Problem {
    Problem::new(Kind::NOT_FOUND, "There is nothing at this path.")
}
