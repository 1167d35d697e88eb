use actix_web::http::header::IF_MATCH;
use domain::Version;

use super::Extract;
use crate::context::RequestContext;
use crate::etag::{Tag, Tags, tags_schema};
use crate::operation::{Parameter, ParameterLocation, Signature};
use crate::problem::{Kind, Problem};

/// The version that the client expects (`If-Match`); `None` without the header or with `*`.
pub(crate) struct IfMatch(pub(crate) Option<Version>);

/// A version that no resource has: for tags without a version.
const NO_VERSION: Version = Version(-1);

impl Extract for IfMatch {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        match Tags::of(context.headers(), &IF_MATCH) {
            Ok(None | Some(Tags::Any)) => Ok(Self(None)),
            // Versions only rise, so of several tags only the latest version can match.
            Ok(Some(Tags::List(tags))) => {
                let versions = tags.iter().filter_map(Tag::version);
                Ok(Self(Some(versions.max().unwrap_or(NO_VERSION))))
            }
            Err(_) => Err(Problem::new(Kind::BAD_HEADER, "If-Match must be * or a list of entity tags such as \"3\".")),
        }
    }

    fn describe(signature: &mut Signature) {
        signature.parameters.push(Parameter {
            location: ParameterLocation::Header,
            name: "If-Match",
            description: "The ETag of the version to change; 412 if it is not the latest. The weak form that a \
                          compressing proxy makes of it (`W/\"…\"`) names the same version.",
            schema: tags_schema(),
        });
        signature.problems.extend([Kind::BAD_HEADER, Kind::STALE]);
    }
}
