use std::cell::{Ref, RefMut};

use actix_web::HttpMessage;
use actix_web::dev::Extensions;
use actix_web::http::header::HeaderValue;

use crate::extract::Identity;
use crate::rate_limit::Standing;
use crate::routes::Found;

/// What the layers find out about a request, for those further in and for the handler.
pub(crate) struct About {
    /// Its name.
    pub(super) id: HeaderValue,
    pub(super) found: Option<Found>,
    /// Who sends it.
    pub(crate) identity: Identity,
    pub(super) standing: Option<Standing>,
}

impl About {
    pub(super) fn new(id: HeaderValue, found: Option<Found>) -> Self {
        Self { id, found, identity: Identity::Anonymous, standing: None }
    }

    /// What is known of a request; `None` outside of the layers.
    pub(crate) fn of(request: &impl HttpMessage) -> Option<Ref<'_, Self>> {
        Ref::filter_map(request.extensions(), Extensions::get).ok()
    }

    /// The same, to be added to.
    pub(crate) fn of_mut(request: &impl HttpMessage) -> Option<RefMut<'_, Self>> {
        RefMut::filter_map(request.extensions_mut(), Extensions::get_mut).ok()
    }

    /// The name of the request, under which it stands in the log.
    pub(crate) fn id(&self) -> &str {
        std::str::from_utf8(self.id.as_bytes()).unwrap_or_default()
    }

    /// The route, such as `/api/v1/products/{id}`; `None` if there is none.
    pub(crate) fn route(&self) -> Option<&'static str> {
        self.found.map(|found| found.pattern)
    }
}
