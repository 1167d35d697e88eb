//! The example shop of examples/storefront, which `serve --demo` shows at the root. Its files are in the binary alone.

use std::sync::{Arc, LazyLock};

use actix_web::HttpResponse;

use super::Route;
use crate::context::{RequestContext, State};
use crate::problem::{Kind, Problem};
use crate::respond::{File, Respond};
use crate::routes::docs;
use crate::routes::table::at;

macro_rules! files {
    ($($name:ident = $file:literal, $media_type:literal;)*) => {$(
        static $name: LazyLock<File> = LazyLock::new(|| {
            File::compressed($media_type, include_str!(concat!("../../../../../examples/storefront/", $file)))
        });
    )*};
}

files! {
    PAGE = "index.html", "text/html; charset=utf-8";
    SHOP = "shop.js", "text/javascript; charset=utf-8";
    CALLS = "api.js", "text/javascript; charset=utf-8";
    STYLE = "shop.css", "text/css; charset=utf-8";
    ICON = "shop.svg", "image/svg+xml";
}

/// The root, and the files of the shop.
pub(super) fn of_storefront() -> Vec<Route> {
    vec![
        at("/").get_undocumented(root),
        at("/shop.js").get_undocumented(shop),
        at("/api.js").get_undocumented(calls),
        at("/shop.css").get_undocumented(style),
        at("/shop.svg").get_undocumented(icon),
    ]
}

/// What stands at the root.
pub(crate) enum Root {
    Shop(&'static File),
    /// A redirect to the documents.
    Docs,
}

impl Respond for Root {
    fn respond(self, context: &RequestContext) -> Result<HttpResponse, Problem> {
        match self {
            Self::Shop(page) => page.respond(context),
            Self::Docs => Ok(docs::redirect()),
        }
    }
}

/// The shop in a demo. Elsewhere the root leads to the documents.
async fn root(state: Arc<State>) -> Root {
    if state.is_demo { Root::Shop(&PAGE) } else { Root::Docs }
}

async fn shop(state: Arc<State>) -> Result<&'static File, Problem> {
    in_demo(&state, &SHOP)
}

async fn calls(state: Arc<State>) -> Result<&'static File, Problem> {
    in_demo(&state, &CALLS)
}

async fn style(state: Arc<State>) -> Result<&'static File, Problem> {
    in_demo(&state, &STYLE)
}

async fn icon(state: Arc<State>) -> Result<&'static File, Problem> {
    in_demo(&state, &ICON)
}

fn in_demo(state: &State, file: &'static LazyLock<File>) -> Result<&'static File, Problem> {
    if state.is_demo { Ok(file) } else { Err(Problem::new(Kind::NOT_FOUND, "There is nothing at this path.")) }
}
