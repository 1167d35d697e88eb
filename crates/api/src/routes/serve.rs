use std::future::ready;

use actix_web::dev::Service as _;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{Error, Route};
use futures_util::future::LocalBoxFuture;

use super::{Found, routes};
use crate::openapi::Routes;
use crate::problem::{Kind, Problem};

/// The routes as they stand in the table, before they serve.
#[derive(Default)]
pub(crate) struct Table(Vec<Vec<(Method, Route)>>);

/// What answers, in the order of the table.
pub(crate) struct Handlers(Vec<Methods>);

/// The methods that a path takes. Any other one is a 405 that names them.
struct Methods {
    handlers: Vec<(Method, Handler)>,
    allowed: HeaderValue,
}

type Handler = <Route as ServiceFactory<ServiceRequest>>::Service;

impl Table {
    pub(super) fn add(&mut self, methods: impl Iterator<Item = (Method, Route)>) {
        self.0.push(methods.collect());
    }
}

impl Handlers {
    /// Those of every route that there is.
    pub(crate) async fn new() -> Result<Self, ()> {
        let mut table = Table::default();
        routes(&mut Routes::Serve(&mut table));
        let mut all = Vec::new();
        for methods in table.0 {
            all.push(Methods::new(methods).await?);
        }
        Ok(Self(all))
    }

    /// Answers a request to the route that was found.
    pub(crate) fn answer(
        &self,
        request: ServiceRequest,
        found: Option<Found>,
    ) -> LocalBoxFuture<'static, Result<ServiceResponse, Error>> {
        let Some(methods) = found.and_then(|found| self.0.get(found.place)) else {
            return refuse(request, Problem::new(Kind::NOT_FOUND, "There is nothing at this path."));
        };
        match methods.handlers.iter().find(|(method, _)| method == request.method()) {
            Some((_, handler)) => handler.call(request),
            None => refuse(request, methods.not_allowed()),
        }
    }
}

impl Methods {
    async fn new(methods: Vec<(Method, Route)>) -> Result<Self, ()> {
        // `middleware::limits` turns a HEAD into a GET.
        let head = methods.iter().any(|(method, _)| *method == Method::GET).then_some("HEAD");
        let allowed: Vec<_> = methods.iter().map(|(method, _)| method.as_str()).chain(head).collect();
        // It is ASCII, so the error cannot be.
        let allowed = HeaderValue::try_from(allowed.join(", ")).unwrap_or(HeaderValue::from_static(""));
        let mut handlers = Vec::new();
        for (method, route) in methods {
            handlers.push((method, route.new_service(()).await?));
        }
        Ok(Self { handlers, allowed })
    }

    fn not_allowed(&self) -> Problem {
        let allowed = self.allowed.to_str().unwrap_or_default();
        Problem::new(Kind::METHOD_NOT_ALLOWED, format!("Allowed here: {allowed}."))
            .with_header(ALLOW, self.allowed.clone())
    }
}

fn refuse(request: ServiceRequest, problem: Problem) -> LocalBoxFuture<'static, Result<ServiceResponse, Error>> {
    Box::pin(ready(Ok(request.error_response(problem))))
}
