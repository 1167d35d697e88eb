use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Uri;
use actix_web::{FromRequest, HttpRequest};
use domain::accounts::{Access, Role};
use paperclip::actix::OperationModifier;
use paperclip::v2::schema::Apiv2Schema;

use super::access;

/// What is asked for, as far as the answer depends on it. Besides path and query that is only whether an administrator
/// asks: products have no owner, and everybody else sees the same of them.
pub(crate) struct Question {
    uri: Uri,
    is_admin: bool,
}

impl Question {
    /// The question in a line; another question is another line.
    pub(crate) fn line(&self) -> String {
        [if self.is_admin { "all " } else { "sold " }, self.path(), "?", self.query()].concat()
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    pub(crate) fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }
}

impl FromRequest for Question {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let is_admin = matches!(access(req), Some(Access { role: Role::Admin, .. }));
        ready(Ok(Self { uri: req.uri().clone(), is_admin }))
    }
}

impl Apiv2Schema for Question {}
impl OperationModifier for Question {}
