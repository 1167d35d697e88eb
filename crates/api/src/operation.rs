//! Typed metadata of endpoints. Each handler has an [`Operation`] beside it, and its argument and return types give a
//! [`Signature`]. The module `openapi` writes the API document from both.

use actix_web::http::StatusCode;
use domain::access::{Noun, Scope, Scopes};
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

/// Who may call an endpoint, as far as the types of its handler say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Access {
    #[default]
    Anybody,
    /// Anybody while `auth.self_registration` is on.
    OpenRegistration,
    /// Anybody if `catalog.public` is on, otherwise any caller that is known.
    Catalog,
    /// Accounts, for what is their own, and whoever has the scope, for all.
    OwnOrScope,
    /// Every account that has logged in.
    Accounts,
    /// Accounts of customers.
    Customers,
    /// Whoever has the scopes.
    Scopes,
}

/// What a route needs, as the route table says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing: it is for everybody.
    Anybody,
    /// Nothing but that the catalogue is open to the caller. Whoever may see products sees more.
    Catalog,
    /// An account: it shows or changes what is the caller's own.
    Own,
    /// An account, for what is its own, or this scope, for what is anybody's.
    OwnOr(Scope),
    /// These scopes.
    Scopes(Scopes),
}

impl From<Scope> for Needs {
    fn from(scope: Scope) -> Self {
        Self::Scopes(scope.into())
    }
}

impl<const N: usize> From<[Scope; N]> for Needs {
    fn from(scopes: [Scope; N]) -> Self {
        Self::Scopes(scopes.into_iter().collect())
    }
}

impl Needs {
    /// The scopes with which a caller sees, or changes, what is anybody's; `None` where nobody does.
    pub(crate) fn scopes(self) -> Option<Scopes> {
        match self {
            Self::Anybody | Self::Own => None,
            Self::Catalog => Some(Scopes::of(Scope::Read(Noun::Products))),
            Self::OwnOr(scope) => Some(Scopes::of(scope)),
            Self::Scopes(scopes) => Some(scopes),
        }
    }

    /// Whether the access of a handler matches what its route needs.
    #[cfg(test)]
    pub(crate) fn fits(self, access: Access) -> bool {
        match self {
            Self::Anybody => matches!(access, Access::Anybody | Access::OpenRegistration),
            Self::Catalog => access == Access::Catalog,
            Self::Own => matches!(access, Access::Accounts | Access::Customers),
            Self::OwnOr(_) => access == Access::OwnOrScope,
            Self::Scopes(_) => access == Access::Scopes,
        }
    }
}

/// The part of a request that holds a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterLocation {
    Path,
    Query,
    Header,
}

/// A parameter of an endpoint.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) location: ParameterLocation,
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
    /// Other successes, with bodies of their own.
    pub(crate) others: Vec<Success>,
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
    /// The sentence that documents who may call the endpoint, which needs these scopes.
    pub(crate) fn sentence(self, needed: Option<Scopes>) -> String {
        let scopes = needed.map(|needed| format!("`{}`", needed.to_string().replace(' ', "`, `"))).unwrap_or_default();
        match self {
            Self::Anybody => "Public.".to_owned(),
            Self::OpenRegistration => "Public, unless `auth.self_registration` is off.".to_owned(),
            Self::Catalog => {
                format!(
                    "Needs a login, unless `catalog.public` is on. An API key that opens it has the scope {scopes}."
                )
            }
            Self::OwnOrScope => format!("Needs a login, for what is the caller's own, or the scope {scopes}."),
            Self::Accounts => "Needs a login. API keys have no account.".to_owned(),
            Self::Customers => "Needs the login of a customer.".to_owned(),
            Self::Scopes if scopes.contains(',') => format!("Needs the scopes {scopes}."),
            Self::Scopes => format!("Needs the scope {scopes}."),
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
            Self::Customers => &[Kind::BAD_HEADER, Kind::UNAUTHENTICATED, Kind::FORBIDDEN, Kind::NO_CUSTOMER],
            Self::Catalog | Self::OwnOrScope | Self::Accounts | Self::Scopes => {
                &[Kind::BAD_HEADER, Kind::UNAUTHENTICATED, Kind::FORBIDDEN]
            }
        }
    }
}
