//! The page that shows the documents and tries the API: Swagger UI, of the binary alone (docs/adr/0005).

mod files;

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;

use self::files::named;
use super::table::at;
use super::{Route, documents};
use crate::extract::{FileName, Path};
use crate::problem::{Kind, Problem};
use crate::respond::File;

/// The page, what it loads, and the documents that it shows.
pub(super) fn of_docs() -> Vec<Route> {
    vec![
        at("/openapi/swagger.yaml").get_undocumented(documents::swagger_yaml),
        at("/openapi/openapi.yaml").get_undocumented(documents::openapi_yaml),
        at("/openapi/openapi.json").get_undocumented(documents::openapi_json),
        at("/docs").get_undocumented(page),
        at("/docs/").get_undocumented(folder),
        at("/docs/{file}").get_undocumented(file),
    ]
}

async fn page() -> Result<&'static File, Problem> {
    found("")
}

/// What the page loads.
async fn file(name: Path<FileName>) -> Result<&'static File, Problem> {
    found(&name.0.0)
}

/// From the root to the page, relative to whatever is before it.
pub(crate) fn redirect() -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, "docs")).finish()
}

/// The page has one address, from which its files are found behind any proxy.
async fn folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "../docs")).finish()
}

fn found(name: &str) -> Result<&'static File, Problem> {
    named(name).ok_or_else(|| Problem::new(Kind::NOT_FOUND, "There is nothing at this path."))
}
