use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::{FromRequest, Responder, Route, web};
use paperclip::v2::schema::Apiv2Operation;

use crate::openapi::{Describe, Routes, describe};

/// A path and the methods that it takes.
pub(super) struct At {
    path: &'static str,
    methods: Vec<(Method, Route, Describe)>,
}

pub(super) fn at(path: &'static str) -> At {
    At { path, methods: Vec::new() }
}

macro_rules! methods {
    ($($name:ident = $method:ident),*) => {$(
        pub(super) fn $name<F, Args>(mut self, handler: F) -> Self
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
            F::Future: Apiv2Operation,
        {
            self.methods.push((Method::$method, web::to(handler), describe::<F::Future>));
            self
        }
    )*};
}

impl At {
    methods!(get = GET, post = POST, put = PUT, patch = PATCH, delete = DELETE);

    pub(super) fn mount(self, routes: &mut Routes<'_>) {
        match routes {
            Routes::Serve(table) => table.add(self.methods.into_iter().map(|(method, route, _)| (method, route))),
            Routes::Find(finder) => finder.add(self.path),
            Routes::Describe(api) => {
                self.methods.iter().for_each(|(method, _, describe)| describe(api, self.path, method));
            }
        }
    }
}
