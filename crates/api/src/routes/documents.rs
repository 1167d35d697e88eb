//! Serves the API document, which the program makes from the routes. The document leaves out these routes, so that it
//! does not describe itself.

use std::sync::{Arc, OnceLock};

use crate::context::State;
use crate::respond::File;

static SWAGGER_YAML: OnceLock<File> = OnceLock::new();
static OPENAPI_YAML: OnceLock<File> = OnceLock::new();
static OPENAPI_JSON: OnceLock<File> = OnceLock::new();

/// RFC 9512.
const YAML: &str = "application/yaml";

pub(crate) async fn swagger_yaml(state: Arc<State>) -> &'static File {
    SWAGGER_YAML.get_or_init(|| File::plain(YAML, &state.documents.swagger_yaml))
}

pub(crate) async fn openapi_yaml(state: Arc<State>) -> &'static File {
    OPENAPI_YAML.get_or_init(|| File::plain(YAML, &state.documents.openapi_yaml))
}

pub(crate) async fn openapi_json(state: Arc<State>) -> &'static File {
    OPENAPI_JSON.get_or_init(|| File::plain("application/json", &state.documents.openapi_json))
}
