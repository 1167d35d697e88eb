use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{FromRequest, Responder};
use paperclip::actix::web::{self, Resource, ServiceConfig};
use paperclip::v2::schema::Apiv2Operation;

use crate::problem::{Kind, Problem};

/// A path and the methods that it takes. Any other method is a 405 that names them.
pub(super) struct At {
    resource: Resource,
    methods: Vec<Method>,
}

pub(super) fn at(path: &str) -> At {
    At { resource: web::resource(path), methods: Vec::new() }
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
        self.methods.push(method);
        self
    }

    pub(super) fn mount(self, app: &mut ServiceConfig<'_>) {
        let Self { resource, methods } = self;
        // `middleware::limits` turns a HEAD into a GET.
        let head = methods.contains(&Method::GET).then_some("HEAD");
        let allowed: Vec<_> = methods.iter().map(Method::as_str).chain(head).collect();
        let allowed = allowed.join(", ");
        app.service(resource.default_service(actix_web::web::to(move || {
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
