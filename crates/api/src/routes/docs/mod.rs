//! The page that shows the documents and tries the API: Swagger UI, of the binary alone (docs/adr/0007).

mod files;

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use paperclip::actix::api_v2_operation;

use self::files::named;
use crate::answer::File;
use crate::problem::{Kind, Problem};

/// The page.
#[api_v2_operation(skip)]
pub(crate) async fn page() -> Result<&'static File, Problem> {
    found("")
}

/// What the page loads.
#[api_v2_operation(skip)]
pub(crate) async fn file(name: web::Path<String>) -> Result<&'static File, Problem> {
    found(&name)
}

/// The page has one address, from which its files are found behind any proxy.
#[api_v2_operation(skip)]
pub(crate) async fn folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "../docs")).finish()
}

fn found(name: &str) -> Result<&'static File, Problem> {
    named(name).ok_or_else(|| Problem::new(Kind::NOT_FOUND, "There is nothing at this path."))
}
