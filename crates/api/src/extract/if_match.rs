use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use domain::Version;
use paperclip::actix::OperationModifier;
use paperclip::v2::models::{DefaultOperationRaw, Either, Parameter, ParameterIn};
use paperclip::v2::schema::Apiv2Schema;

use crate::etag::{Tag, Tags, tags_schema};
use crate::openapi::{may_fail, schema};
use crate::problem::{Kind, Problem};

/// The version that a client wants to change; `None` if it does not care.
pub(crate) struct IfMatch(pub(crate) Option<Version>);

/// A version that nothing has.
const NEVER: Version = Version(-1);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let refuse = || Problem::new(Kind::BAD_HEADER, "If-Match must be * or a list of entity tags such as \"3\".");
        ready(match Tags::of(req.headers(), &IF_MATCH) {
            Ok(None | Some(Tags::Any)) => Ok(Self(None)),
            // Versions only grow, so of those that a client saw only the latest can still be the one.
            Ok(Some(Tags::List(tags))) => {
                let versions = tags.iter().filter(|tag| !tag.weak).filter_map(Tag::version);
                Ok(Self(Some(versions.max().unwrap_or(NEVER))))
            }
            Err(_) => Err(refuse()),
        })
    }
}

impl Apiv2Schema for IfMatch {}

impl OperationModifier for IfMatch {
    fn update_parameter(op: &mut DefaultOperationRaw) {
        op.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Header,
            name: IF_MATCH.to_string(),
            description: Some("The ETag of the version to change; 412 if it is not the latest.".to_owned()),
            schema: Some(schema::carried(tags_schema())),
            ..Default::default()
        }));
        may_fail(op, &[Kind::BAD_HEADER, Kind::STALE]);
    }
}
