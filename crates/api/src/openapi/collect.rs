//! What the routes say of themselves.

use actix_web::http::Method;
use paperclip::v2::models::{DefaultApiRaw, HttpMethod, SecurityScheme};
use paperclip::v2::schema::Apiv2Operation;

use crate::routes::{Finder, Table, routes};

/// What is done with the route table.
pub(crate) enum Routes<'a> {
    /// The routes are served.
    Serve(&'a mut Table),
    /// They are found by their paths.
    Find(&'a mut Finder),
    /// They are described.
    Describe(&'a mut DefaultApiRaw),
}

/// Adds what a handler says of itself to the document.
pub(crate) type Describe = fn(&mut DefaultApiRaw, path: &str, &Method);

/// The description of a handler.
pub(crate) fn describe<O: Apiv2Operation>(api: &mut DefaultApiRaw, path: &str, method: &Method) {
    if !O::is_visible() {
        return;
    }
    let mut operation = O::operation();
    operation.set_parameter_names_from_path_template(path);
    api.paths.entry(path.to_owned()).or_default().methods.insert(HttpMethod::from(method), operation);
    for (name, definition) in O::definitions() {
        // Where it is only a part of something else it has no example.
        if definition.example.is_some() || !api.definitions.contains_key(&name) {
            api.definitions.insert(name, definition);
        }
    }
    SecurityScheme::append_map(O::security_definitions(), &mut api.security_definitions);
}

/// The whole table, as paperclip keeps it.
pub(super) fn collect() -> DefaultApiRaw {
    let mut api = DefaultApiRaw::default();
    routes(&mut Routes::Describe(&mut api));
    api
}
