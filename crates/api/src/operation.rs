//! What an endpoint is, in types: an [`Operation`] stands beside each handler, and a [`Signature`] follows from the
//! types that the handler takes and returns. The module `openapi` writes the document from both.

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::problem::Kind;
use crate::schema::Definitions;

/// A group of endpoints.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tag {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

/// What is said of an endpoint by hand.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) tag: &'static Tag,
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    /// The problems of its use case, besides those of its extractors.
    pub(crate) problems: &'static [Kind],
}

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Access {
    #[default]
    Anybody,
    /// Anybody while `auth.self_registration` is on.
    OpenRegistration,
    /// Anybody with `catalog.public`, else whoever is logged in.
    Catalog,
    LoggedIn,
    Customers,
    Admins,
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

/// A parameter that a handler takes.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) place: Place,
    /// Empty for a part of the path, which is named by the path of the route.
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) schema: Value,
}

/// How an endpoint answers when all is well.
#[derive(Debug, Default)]
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    pub(crate) description: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) headers: &'static [&'static str],
    pub(crate) schema: Option<Value>,
}

/// What follows from the types that a handler takes and returns.
#[derive(Debug, Default)]
pub(crate) struct Signature {
    pub(crate) access: Access,
    pub(crate) parameters: Vec<Parameter>,
    /// The name of the schema of the request body.
    pub(crate) body: Option<&'static str>,
    /// `None` for what stands beside the API and is not documented.
    pub(crate) success: Option<Success>,
    pub(crate) problems: Vec<Kind>,
    /// The schemas of the bodies.
    pub(crate) definitions: Definitions,
}

impl Operation {
    /// An operation whose use case has no problems of its own.
    pub(crate) const fn new(
        tag: &'static Tag,
        id: &'static str,
        summary: &'static str,
        description: &'static str,
    ) -> Self {
        Self { tag, id, summary, description, problems: &[] }
    }

    /// Adds the problems of its use case.
    pub(crate) const fn problems(self, problems: &'static [Kind]) -> Self {
        Self { problems, ..self }
    }
}

impl Access {
    /// The sentence in the description of an endpoint.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Anybody => "Anybody may call it.",
            Self::OpenRegistration => "Anybody may call it, unless `auth.self_registration` is off.",
            Self::Catalog => "Everybody who is logged in may call it, and with `catalog.public` everybody else too.",
            Self::LoggedIn => "Everybody who is logged in may call it.",
            Self::Customers => "Everybody who is logged in with the account of a customer may call it.",
            Self::Admins => "Only administrators may call it.",
        }
    }

    /// Whether it takes an access token.
    pub(crate) fn takes_token(self) -> bool {
        !matches!(self, Self::Anybody | Self::OpenRegistration)
    }

    /// How a caller can be refused.
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
