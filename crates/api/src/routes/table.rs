use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web;
use actix_web::{FromRequest, Responder};
use paperclip::v2::schema::Apiv2Operation;

use super::find::literal;
use crate::openapi::{Describe, Routes, describe};
use crate::problem::{Kind, Problem};

/// A path and the methods that it takes. Any other method is a 405 that names them.
pub(super) struct At {
    path: &'static str,
    resource: actix_web::Resource,
    methods: Vec<(Method, Describe)>,
}

pub(super) fn at(path: &'static str) -> At {
    At { path, resource: web::resource(literal(path)), methods: Vec::new() }
}

macro_rules! methods {
    ($($name:ident = $method:ident),*) => {$(
        pub(super) fn $name<F, Args>(self, handler: F) -> Self
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
            F::Future: Apiv2Operation,
        {
            self.route(Method::$method, handler)
        }
    )*};
}

impl At {
    methods!(get = GET, post = POST, put = PUT, patch = PATCH, delete = DELETE);

    fn route<F, Args>(mut self, method: Method, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
        F::Future: Apiv2Operation,
    {
        self.resource = self.resource.route(web::method(method.clone()).to(handler));
        self.methods.push((method, describe::<F::Future>));
        self
    }

    pub(super) fn mount(self, routes: &mut Routes<'_>) {
        match routes {
            Routes::Serve(app) => self.serve(app),
            Routes::Find(finder) => finder.add(self.path),
            Routes::Describe(api) => {
                self.methods.iter().for_each(|(method, describe)| describe(api, self.path, method));
            }
        }
    }

    fn serve(self, app: &mut web::ServiceConfig) {
        let Self { resource, methods, .. } = self;
        // `middleware::limits` turns a HEAD into a GET.
        let head = methods.iter().any(|(method, _)| *method == Method::GET).then_some("HEAD");
        let allowed: Vec<_> = methods.iter().map(|(method, _)| method.as_str()).chain(head).collect();
        let allowed = allowed.join(", ");
        app.service(resource.default_service(web::to(move || {
            let allowed = allowed.clone();
            async move { Err::<&str, _>(not_allowed(&allowed)) }
        })));
    }
}

fn not_allowed(allowed: &str) -> Problem {
    let problem = Problem::new(Kind::METHOD_NOT_ALLOWED, format!("Allowed here: {allowed}."));
    match HeaderValue::try_from(allowed) {
        Ok(value) => problem.with_header(ALLOW, value),
        Err(_) => problem,
    }
}
