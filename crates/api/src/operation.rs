//! Typed metadata of endpoints. Each handler has an [`Operation`] beside it, and its argument and return types give a
//! [`Signature`]. The module `openapi` writes the API document from both.

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::problem::Kind;
use crate::schema::Definitions;

/// A group of endpoints in the API document.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tag {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

/// The handwritten part of the documentation of an endpoint.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) tag: &'static Tag,
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    /// Problems that the use case reports. Those of the extractors are added from the signature.
    pub(crate) problems: &'static [Kind],
}

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Access {
    #[default]
    Anybody,
    /// Anybody while `auth.self_registration` is on.
    OpenRegistration,
    /// Anybody if `catalog.public` is on, otherwise any logged-in account.
    Catalog,
    LoggedIn,
    Customers,
    Admins,
}

/// The part of a request that holds a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

/// A parameter of an endpoint.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) place: Place,
    /// Empty for a path parameter, which the route's path names.
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) schema: Value,
}

/// The successful response of an endpoint.
#[derive(Debug, Clone, Default)]
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    pub(crate) description: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) headers: &'static [&'static str],
    pub(crate) schema: Option<Value>,
}

/// What the types of a handler say about its endpoint.
#[derive(Debug, Default)]
pub(crate) struct Signature {
    pub(crate) access: Access,
    pub(crate) parameters: Vec<Parameter>,
    /// The schema name of the request body.
    pub(crate) body: Option<&'static str>,
    /// The media types of a request body that is no JSON; empty if there is none.
    pub(crate) raw_body: &'static [&'static str],
    /// `None` for a route that the API document leaves out, such as a static file.
    pub(crate) success: Option<Success>,
    /// Other statuses with which it succeeds, with the same body and headers.
    pub(crate) also: Vec<StatusCode>,
    /// Whether it may answer 308 to another address.
    pub(crate) moves: bool,
    pub(crate) problems: Vec<Kind>,
    /// Schemas of the request and response bodies.
    pub(crate) definitions: Definitions,
}

impl Operation {
    /// An operation whose use case reports no problems.
    pub(crate) const fn new(
        tag: &'static Tag,
        id: &'static str,
        summary: &'static str,
        description: &'static str,
    ) -> Self {
        Self { tag, id, summary, description, problems: &[] }
    }

    /// Adds the problems that the use case reports.
    pub(crate) const fn problems(self, problems: &'static [Kind]) -> Self {
        Self { problems, ..self }
    }
}

impl Access {
    /// The sentence that documents who may call the endpoint.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Anybody => "Public.",
            Self::OpenRegistration => "Public, unless `auth.self_registration` is off.",
            Self::Catalog => "Needs a login, unless `catalog.public` is on.",
            Self::LoggedIn => "Needs a login.",
            Self::Customers => "Needs the login of a customer.",
            Self::Admins => "Needs the login of an administrator.",
        }
    }

    /// Whether callers send an access token.
    pub(crate) fn takes_token(self) -> bool {
        !matches!(self, Self::Anybody | Self::OpenRegistration)
    }

    /// The problems that refuse a caller.
    pub(crate) fn problems(self) -> &'static [Kind] {
        match self {
            Self::Anybody => &[],
            Self::OpenRegistration => &[Kind::REGISTRATION_CLOSED],
            Self::Catalog | Self::LoggedIn => &[Kind::BAD_HEADER, Kind::UNAUTHENTICATED],
            Self::Customers => &[Kind::BAD_HEADER, Kind::UNAUTHENTICATED, Kind::NO_CUSTOMER],
            Self::Admins => &[Kind::BAD_HEADER, Kind::UNAUTHENTICATED, Kind::FORBIDDEN],
        }
    }
}
