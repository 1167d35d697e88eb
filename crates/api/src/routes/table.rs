use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, HeaderValue};
use domain::access::Scopes;
use futures_util::future::LocalBoxFuture;

use super::handler::Handler;
use crate::context::{Parameters, RequestContext};
use crate::media::{ACCEPT_PATCH, PATCH_TYPES};
use crate::operation::{Needs, Operation, Signature};
use crate::problem::{Kind, Problem};

/// A path and the endpoints at it, by method.
pub(crate) struct Route {
    /// Such as `/api/v1/products/{id}`.
    pub(crate) path: &'static str,
    pub(crate) endpoints: Vec<Endpoint>,
    /// The value of `Allow` for any other method.
    allowed: HeaderValue,
}

/// A method of a path, and its handler.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// Who may call it.
    pub(crate) needs: Needs,
    /// The scopes that it needs, or with which a caller sees more.
    scopes: Option<Scopes>,
    /// `None` for a route that the API document leaves out, such as a static file.
    pub(crate) operation: Option<Operation>,
    /// What follows from the types that the handler takes and returns.
    pub(crate) signature: fn() -> Signature,
    run: Box<Run>,
}

pub(super) type Run =
    dyn for<'a> Fn(&'a mut RequestContext) -> LocalBoxFuture<'a, Result<HttpResponse, Problem>> + Send + Sync + 'static;

/// All routes, and a radix tree that finds them by path.
pub(crate) struct Table {
    pub(crate) routes: Vec<Route>,
    tree: matchit::Router<usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(super::routes()));

/// All routes.
pub(crate) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    fn new(routes: Vec<Route>) -> Self {
        let mut tree = matchit::Router::new();
        for (place, route) in routes.iter().enumerate() {
            // The tree refuses none of the paths: a test finds each of them.
            let _ = tree.insert(route.path, place);
        }
        Self { routes, tree }
    }

    /// The route of a path, and where in the path its variable parts are. `has_office`: whether pages of the office are
    /// among the routes.
    pub(crate) fn find(&'static self, path: &str, has_office: bool) -> Option<(&'static Route, Parameters)> {
        let found = self.tree.at(path).ok()?;
        let place = |value: &str| {
            let start = value.as_ptr().addr() - path.as_ptr().addr();
            start..start + value.len()
        };
        let parameters = found.params.iter().map(|(name, value)| (name, place(value))).collect();
        let route = self.routes.get(*found.value).filter(|route| has_office || !route.is_of_office())?;
        Some((route, parameters))
    }
}

/// A path without endpoints.
pub(super) fn at(path: &'static str) -> Route {
    Route { path, endpoints: Vec::new(), allowed: HeaderValue::from_static("") }
}

macro_rules! methods {
    ($($name:ident = $method:ident),*) => {$(
        pub(super) fn $name<Args>(
            self,
            operation: Operation,
            handler: impl Handler<Args>,
            needs: impl Into<Needs>,
        ) -> Self {
            self.with(Method::$method, Some(operation), handler, needs.into())
        }
    )*};
}

impl Route {
    methods!(get = GET, post = POST, put = PUT, patch = PATCH, delete = DELETE);

    /// A GET that is not documented.
    pub(super) fn get_undocumented<Args>(self, handler: impl Handler<Args>) -> Self {
        self.with(Method::GET, None, handler, Needs::Anybody)
    }

    /// Whether it belongs to the office: a page, or a file that pages load.
    fn is_of_office(&self) -> bool {
        self.path.starts_with("/office")
    }

    /// A page of the office, which checks by itself who may open it.
    pub(super) fn page(self, method: Method, run: Box<Run>) -> Self {
        let (needs, signature) = (Needs::Anybody, Signature::default as fn() -> Signature);
        self.and(Endpoint { method, needs, scopes: None, operation: None, signature, run })
    }

    fn with<Args, H: Handler<Args>>(
        self,
        method: Method,
        operation: Option<Operation>,
        handler: H,
        needs: Needs,
    ) -> Self {
        let run: Box<Run> = Box::new(move |context: &mut RequestContext| handler.run(context));
        self.and(Endpoint { method, needs, scopes: needs.scopes(), operation, signature: H::signature, run })
    }

    fn and(mut self, endpoint: Endpoint) -> Self {
        self.endpoints.push(endpoint);
        // The middleware turns a HEAD into a GET, and `run` answers OPTIONS.
        let head = self.has(&Method::GET).then_some("HEAD");
        let named = self.endpoints.iter().map(|endpoint| endpoint.method.as_str());
        let allowed: Vec<_> = named.chain(head).chain(["OPTIONS"]).collect();
        // It is ASCII, so the error cannot occur.
        self.allowed = HeaderValue::try_from(allowed.join(", ")).unwrap_or(HeaderValue::from_static(""));
        self
    }

    /// Runs the handler of a request.
    ///
    /// # Errors
    /// The problem of the handler, or a 405 that names the methods of the path.
    pub(crate) async fn run(&self, context: &mut RequestContext) -> Result<HttpResponse, Problem> {
        match self.endpoints.iter().find(|endpoint| endpoint.method == *context.http.method()) {
            Some(endpoint) => {
                context.needed = endpoint.scopes;
                (endpoint.run)(context).await
            }
            None if *context.http.method() == Method::OPTIONS => Ok(self.options()),
            None => Err(self.method_not_allowed()),
        }
    }

    fn has(&self, method: &Method) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.method == *method)
    }

    /// 204 with the methods, and with the media types of a PATCH if there is one.
    fn options(&self) -> HttpResponse {
        let mut response = HttpResponse::NoContent();
        response.insert_header((ALLOW, self.allowed.clone()));
        response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
        if self.has(&Method::PATCH) {
            response.insert_header((ACCEPT_PATCH, PATCH_TYPES));
        }
        response.finish()
    }

    fn method_not_allowed(&self) -> Problem {
        let allowed = self.allowed.to_str().unwrap_or_default();
        Problem::new(Kind::METHOD_NOT_ALLOWED, format!("Allowed here: {allowed}."))
            .with_header(ALLOW, self.allowed.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> Option<&'static str> {
        table().find(path, true).map(|(route, _)| route.path)
    }

    #[test]
    fn every_route_of_the_table_is_found() {
        assert!(table().routes.len() > 40);
        for route in &table().routes {
            assert_eq!(found(&route.path.replace(['{', '}'], "")), Some(route.path));
        }
    }

    #[test]
    fn a_handler_checks_the_scopes_of_its_route_r255() {
        for route in &table().routes {
            for Endpoint { method, needs, signature, .. } in &route.endpoints {
                let access = signature().access;
                assert!(needs.fits(access), "{method} {}: {needs:?} and {access:?}", route.path);
            }
        }
    }

    #[test]
    fn parameters_are_read_from_their_segments() {
        let path = "/api/v1/products/a%2Fb/stock/movements/7";
        let (route, parameters) = table().find(path, true).unwrap();
        assert_eq!(route.path, "/api/v1/products/{id}/stock/movements/{sequence}");
        let parameters: Vec<_> = parameters.into_iter().map(|(name, place)| (name, &path[place])).collect();
        assert_eq!(parameters, [("id", "a%2Fb"), ("sequence", "7")]);
        assert_eq!(found("/api/v1/restocks/run"), Some("/api/v1/restocks/run"));
        assert_eq!(found("/api/v1/restocks/other"), Some("/api/v1/restocks/{id}"));
        for none in ["/api/v1/products/", "/api/v1/products//stock", "/api/v1/products/a/b", "/API/v1/products"] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
