//! The document of the API. It stands beside the API, so it does not describe itself.

use std::sync::LazyLock;

use paperclip::actix::api_v2_operation;

use crate::answer::File;
use crate::openapi::{Format, document};

static SWAGGER_YAML: LazyLock<File> = LazyLock::new(|| File::plain(YAML, document(Format::SwaggerYaml)));
static OPENAPI_YAML: LazyLock<File> = LazyLock::new(|| File::plain(YAML, document(Format::OpenapiYaml)));
static OPENAPI_JSON: LazyLock<File> = LazyLock::new(|| File::plain("application/json", document(Format::OpenapiJson)));

/// RFC 9512.
const YAML: &str = "application/yaml";

#[api_v2_operation(skip)]
pub(crate) async fn swagger_yaml() -> &'static File {
    &*SWAGGER_YAML
}

#[api_v2_operation(skip)]
pub(crate) async fn openapi_yaml() -> &'static File {
    &*OPENAPI_YAML
}

#[api_v2_operation(skip)]
pub(crate) async fn openapi_json() -> &'static File {
    &*OPENAPI_JSON
}
