//! The page that shows the documents and tries the API: Swagger UI, of the binary alone (docs/adr/0007).

mod files;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use paperclip::actix::api_v2_operation;

use self::files::File;
use crate::problem::{Kind, Problem};

/// The page.
#[api_v2_operation(skip)]
pub(crate) async fn page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer("", &request)
}

/// What the page loads.
#[api_v2_operation(skip)]
pub(crate) async fn file(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Problem> {
    answer(&name, &request)
}

/// The page has one address, from which its files are found behind any proxy.
#[api_v2_operation(skip)]
pub(crate) async fn folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "../docs")).finish()
}

fn answer(name: &str, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let file = File::named(name).ok_or_else(|| Problem::new(Kind::NOT_FOUND, "There is nothing at this path."))?;
    Ok(file.answer(request))
}
