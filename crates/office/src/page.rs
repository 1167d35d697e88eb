use actix_web::HttpResponse;
use actix_web::http::Method;
use application::Error;
use domain::access::Scope;

use crate::bodies::Member;

/// A response, or why there is none.
pub(crate) type Answer = Result<HttpResponse, Error>;

/// Who may open a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody, logged in or not.
    Anybody,
    /// Everybody who works here.
    Staff,
    /// Staff with this scope.
    Scope(Scope),
}

impl From<Scope> for Needs {
    fn from(scope: Scope) -> Self {
        Self::Scope(scope)
    }
}

/// What the form of a page sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    /// Fields as `application/x-www-form-urlencoded`.
    Fields,
    /// The fields of many things, or long texts, of which the form has what they were, too.
    Grid,
    /// Files of pictures, as `multipart/form-data`.
    Pictures,
    /// A table, and fields.
    Table,
}

impl Sends {
    /// Whether a file is sent, which is not kept for after a login.
    pub(crate) const fn has_file(self) -> bool {
        matches!(self, Self::Pictures | Self::Table)
    }
}

/// A method of an address of the office.
pub struct Page {
    /// The method of HTTP.
    pub method: Method,
    /// Its path, such as `/office/orders/{id}`.
    pub path: &'static str,
    /// Who may open it.
    pub needs: Needs,
    /// The ids of the operations of the API that do the same.
    pub operations: &'static [&'static str],
    /// What its form sends, so that its body may be as large as that.
    pub sends: Sends,
    /// Whether its address can be opened: it is that of a page to look at, and not only that of a form.
    pub(crate) is_shown: bool,
    /// The members of the body that the API would be sent, if its form has them one to one.
    pub(crate) body: Option<&'static [Member]>,
}
