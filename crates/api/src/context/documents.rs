/// The API document in its formats. The module `openapi` makes it from the routes.
pub struct Documents {
    /// Swagger 2.0 in YAML.
    pub swagger_yaml: String,
    /// OpenAPI 3.1 in YAML.
    pub openapi_yaml: String,
    /// OpenAPI 3.1 in JSON.
    pub openapi_json: String,
}
